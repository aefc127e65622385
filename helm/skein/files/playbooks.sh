mkdir -p /work/playbooks
cd /work/playbooks
if [ -z "$URL" ]; then exit 0; fi
# What is fetched here decides what runs on the hosts: only from a server that proves who it is, and never as an option of git's.
refuse() { echo "playbooks: refused: $1" >&2; exit 2; }
case "$URL" in *[![:graph:]]*) refuse "the URL has white space in it" ;; esac
case "$URL" in
  https://[!-]* | ssh://[!-]*) ;;
  *://* | *::* | -* | *@-* | *[!A-Za-z0-9._-]*@* | .* | /*) refuse "the URL must be https://, ssh:// or user@host:path" ;;
  ?*@?*:?*) ;;
  *) refuse "the URL must be https://, ssh:// or user@host:path" ;;
esac
case "$URL" in *@-* | *://-*) refuse "a host does not begin with a dash" ;; esac
case "$REF" in
  "" | [!A-Za-z0-9]* | *[!A-Za-z0-9._/-]* | *..*) refuse "the reference must be the name of a branch or a tag, or a commit" ;;
esac
# Redirects and submodules of what was fetched cannot bring other transports in.
export GIT_ALLOW_PROTOCOL=https:ssh GIT_TERMINAL_PROMPT=0
[ -d .git ] || git init --quiet
# A branch that moved is followed, what somebody edited here is not kept: the repository is the truth.
git fetch --quiet --depth 1 --no-recurse-submodules -- "$URL" "$REF"
git checkout --quiet --force --detach FETCH_HEAD
git clean --quiet -d --force
git log -1 --oneline
