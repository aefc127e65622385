mkdir -p /work/playbooks
cd /work/playbooks
if [ -z "$URL" ]; then exit 0; fi
[ -d .git ] || git init --quiet
# A branch that moved is followed, what somebody edited here is not kept: the repository is the truth.
git fetch --quiet --depth 1 -- "$URL" "$REF"
git checkout --quiet --force --detach FETCH_HEAD
git clean --quiet -d --force
git log -1 --oneline
