"""What people speak where a number comes from, of the languages that the gateway speaks.

Sources: ITU-T E.164 (calling codes), ISO 3166 (countries), Unicode CLDR's territory information
(official languages, and those that most people use). The first one is spoken to whoever shows no
other; countries without any of them are not here.
"""

_COUNTRIES: dict[str, tuple[str, str]] = {
    # ISO code: calling codes, languages.
    "AE": ("971", "ar en"),
    "AO": ("244", "pt"),
    "AR": ("54", "es"),
    "AT": ("43", "de"),
    "AU": ("61", "en"),
    "BE": ("32", "fr de"),
    "BF": ("226", "fr"),
    "BH": ("973", "ar"),
    "BJ": ("229", "fr"),
    "BO": ("591", "es"),
    "BR": ("55", "pt"),
    "CA": ("", "en fr"),
    "CD": ("243", "fr"),
    "CG": ("242", "fr"),
    "CH": ("41", "de fr it"),
    "CI": ("225", "fr"),
    "CL": ("56", "es"),
    "CM": ("237", "fr en"),
    "CN": ("86", "zh"),
    "CO": ("57", "es"),
    "CR": ("506", "es"),
    "CU": ("53", "es"),
    "CV": ("238", "pt"),
    "DE": ("49", "de"),
    "DK": ("45", "da"),
    "DO": ("1809 1829 1849", "es"),
    "DZ": ("213", "ar fr"),
    "EC": ("593", "es"),
    "EG": ("20", "ar"),
    "ES": ("34", "es"),
    "FO": ("298", "da"),
    "FR": ("33", "fr"),
    "GA": ("241", "fr"),
    "GB": ("44", "en"),
    "GF": ("594", "fr"),
    "GH": ("233", "en"),
    "GL": ("299", "da"),
    "GN": ("224", "fr"),
    "GP": ("590", "fr"),
    "GQ": ("240", "es fr pt"),
    "GT": ("502", "es"),
    "GW": ("245", "pt"),
    "HK": ("852", "zh en"),
    "HN": ("504", "es"),
    "HT": ("509", "fr"),
    "IE": ("353", "en"),
    "IN": ("91", "hi en"),
    "IQ": ("964", "ar"),
    "IT": ("39", "it"),
    "JO": ("962", "ar"),
    "JP": ("81", "ja"),
    "KE": ("254", "en"),
    "KW": ("965", "ar"),
    "LB": ("961", "ar fr"),
    "LI": ("423", "de"),
    "LU": ("352", "fr de"),
    "LY": ("218", "ar"),
    "MA": ("212", "ar fr"),
    "MC": ("377", "fr it"),
    "MG": ("261", "fr"),
    "ML": ("223", "fr"),
    "MO": ("853", "zh pt"),
    "MQ": ("596", "fr"),
    "MR": ("222", "ar fr"),
    "MU": ("230", "en fr"),
    "MX": ("52", "es"),
    "MZ": ("258", "pt"),
    "NE": ("227", "fr"),
    "NG": ("234", "en"),
    "NI": ("505", "es"),
    "NO": ("47", "no"),
    "NZ": ("64", "en"),
    "OM": ("968", "ar"),
    "PA": ("507", "es"),
    "PE": ("51", "es"),
    "PR": ("1787 1939", "es en"),
    "PS": ("970", "ar"),
    "PT": ("351", "pt"),
    "PY": ("595", "es"),
    "QA": ("974", "ar en"),
    "RE": ("262", "fr"),
    "SA": ("966", "ar"),
    "SD": ("249", "ar"),
    "SG": ("65", "en zh"),
    "SM": ("378", "it"),
    "SN": ("221", "fr"),
    "ST": ("239", "pt"),
    "SV": ("503", "es"),
    "SY": ("963", "ar"),
    "TD": ("235", "fr ar"),
    "TG": ("228", "fr"),
    "TL": ("670", "pt"),
    "TN": ("216", "ar fr"),
    "TW": ("886", "zh"),
    "US": ("1", "en es"),
    "UY": ("598", "es"),
    "VE": ("58", "es"),
    "YE": ("967", "ar"),
    "ZA": ("27", "en"),
    "ZM": ("260", "en"),
    "ZW": ("263", "en"),
    # Canada's area codes of Quebec; its others are like those of the United States.
    "QC": ("1263 1354 1367 1418 1438 1450 1514 1579 1581 1819 1873", "fr en"),
}
_BY_CALLING_CODE = {
    code: country for country, (codes, _) in _COUNTRIES.items() for code in codes.split()
}
_LONGEST_CODE = max(map(len, _BY_CALLING_CODE))


def spoken_at(address: str) -> tuple[str, ...]:
    """Return the languages of an address's country, the first one first; none if unknown.

    A phone number begins with its calling code, a business-scoped id with its country.
    """
    country = _calling(address[1:]) if address.startswith("+") else address.partition(".")[0]
    return tuple(_COUNTRIES.get(country, ("", ""))[1].split())


def _calling(number: str) -> str:
    beginnings = (number[:length] for length in range(_LONGEST_CODE, 0, -1))
    return next((_BY_CALLING_CODE[one] for one in beginnings if one in _BY_CALLING_CODE), "")
