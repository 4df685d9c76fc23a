"""What remembers the contents of menus, on both databases."""

from concurrent.futures import ThreadPoolExecutor

from lib.storage.stores.menu_contents import find, keep


def test_a_content_is_found_by_its_form(documents):
    keep(documents, "list_3", "HX1")
    keep(documents, "list_4", "HX2")
    assert [find(documents, form) for form in ("list_3", "list_4")] == ["HX1", "HX2"]


def test_of_a_form_that_nobody_sent_nothing_is_known(documents):
    assert find(documents, "list_99") == ""


def test_the_last_content_of_a_form_counts(documents):
    keep(documents, "list_5", "HX1")
    keep(documents, "list_5", "HX2")
    assert find(documents, "list_5") == "HX2"


def test_forms_that_are_kept_at_once_forget_none_of_the_others(documents):
    forms = [f"replies_{n}" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda form: keep(documents, form, f"HX{form}"), forms))
    assert [find(documents, form) for form in forms] == [f"HX{form}" for form in forms]


def test_what_is_no_content_is_not_taken_for_one(backend, documents):
    backend.keep("whatsapp_settings", "menus", {"list_6": 7, "list_7": None})
    assert [find(documents, form) for form in ("list_6", "list_7")] == ["", ""]
