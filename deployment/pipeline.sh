# What cloudbuild.yaml runs as. Only on request: ./deploy.sh --only pipeline
# shellcheck shell=bash

# Source: https://cloud.google.com/build/docs/deploying-builds/deploy-functions, and what the
# steps of this script change.
readonly PIPELINE_ROLES=(artifactregistry.writer cloudfunctions.developer cloudscheduler.admin datastore.owner
  iam.serviceAccountAdmin iam.serviceAccountUser logging.configWriter logging.logWriter
  monitoring.editor pubsub.admin resourcemanager.projectIamAdmin run.admin secretmanager.admin
  serviceusage.serviceUsageAdmin storage.admin)

ensure_pipeline() {
  local role
  ensure_account pipeline
  read_policy "project" projects get-iam-policy "$PROJECT"
  for role in "${PIPELINE_ROLES[@]}"; do grant_project pipeline "roles/$role"; done
  say "then: gcloud builds submit --config=cloudbuild.yaml --project=$PROJECT"
}
