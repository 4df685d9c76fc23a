# The bucket of media that others fetch by address: for a day, and for the gateway's accounts alone.
# Sources: https://cloud.google.com/storage/docs/lifecycle (age in days),
# https://cloud.google.com/storage/docs/soft-delete (what is deleted is kept for a week by default).
# shellcheck shell=bash

ensure_bucket() {
  local rules
  rules=(--uniform-bucket-level-access --public-access-prevention --soft-delete-duration=0
    "--lifecycle-file=$ROOT/deployment/bucket-lifecycle.json")
  if ! look_at_bucket; then
    change "bucket $MEDIA_BUCKET" storage buckets create "gs://$MEDIA_BUCKET" "--location=$REGION" "${rules[@]}"
  fi
  # What is made cannot be labelled at once.
  [[ "$ANSWER" == "$GATEWAY;1;enforced;True;0" ]] \
    || change "rules and label of bucket $MEDIA_BUCKET" storage buckets update "gs://$MEDIA_BUCKET" \
      "${rules[@]}" "--update-labels=gateway=$GATEWAY"
  grant_bucket roles/storage.objectUser responder
  # It goes on with erasures.
  grant_bucket roles/storage.objectUser tick
  grant_bucket roles/storage.objectViewer media
}

grant_bucket() {
  grant "$1" "serviceAccount:$(account_of "$2")" "bucket $MEDIA_BUCKET" "storage buckets" "gs://$MEDIA_BUCKET"
}

readonly BUCKET_FORMAT='--format=value[separator=";"](labels.gateway,lifecycle_config.rule[0].condition.age,public_access_prevention,uniform_bucket_level_access,soft_delete_policy.retentionDurationSeconds)'

look_at_bucket() { look storage buckets describe "gs://$MEDIA_BUCKET" "$BUCKET_FORMAT"; }

# A bucket of somebody else's would lose what is in it within a day.
check_bucket() {
  local owner age
  if ! peek storage buckets describe "gs://$MEDIA_BUCKET" "$BUCKET_FORMAT"; then
    is_absent || problem "The bucket $MEDIA_BUCKET cannot be seen: it is somebody else's, or your account lacks roles/storage.admin. Choose another name with MEDIA_BUCKET=<name>, or ask an owner of $PROJECT."
    return
  fi
  IFS=";" read -r owner age _ <<<"$ANSWER"
  # A run that broke off leaves one without the label.
  [[ "$owner" == "$GATEWAY" || (-z "$owner" && "$age" == 1) ]] \
    || problem "A bucket $MEDIA_BUCKET is there already, and not by this script. Choose another name with MEDIA_BUCKET=<name>."
}
