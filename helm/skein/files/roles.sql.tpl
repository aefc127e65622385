-- One role and one schema per service; nobody may read another's tables. Safe to run again: it creates what is missing and
-- sets the passwords to the ones in the Secret. Run by the bootstrap Job, or by a DBA:
--   PASSWORD_LOCKS=... psql -v ON_ERROR_STOP=1 -f roles.sql "host=... dbname=skein user=..."
{{- range $name, $service := include "skein.fleet" . | fromYaml }}
{{- $schema := $service.schema }}
{{- $role := printf "skein_%s" $schema }}

-- {{ $name }}
SELECT 'CREATE ROLE {{ $role }} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{{ $role }}') \gexec
\getenv password PASSWORD_{{ $schema | upper }}
ALTER ROLE {{ $role }} PASSWORD :'password';
-- Whoever makes a schema for a role must be a member of it; a superuser is one of every role.
SELECT 'GRANT {{ $role }} TO CURRENT_USER' FROM pg_roles WHERE rolname = current_user AND NOT rolsuper \gexec
CREATE SCHEMA IF NOT EXISTS {{ $schema }} AUTHORIZATION {{ $role }};
ALTER ROLE {{ $role }} SET search_path = {{ $schema }};
SELECT format('GRANT CONNECT ON DATABASE %I TO {{ $role }}', current_database()) \gexec
{{- end }}

SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
