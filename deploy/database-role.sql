-- A role for `playprint web` and `playprint worker` that can use the tables and change none of them.
--
-- Run it as the role that owns the database, after `playprint migrate`, and again after each new version:
--     psql "$OWNER_URL" -v role=playprint_app -f deploy/database-role.sql
-- Make the role first (create role playprint_app login password '…') and give the processes its address in
-- PLAYPRINT_DATABASE_URL; run `playprint migrate` alone with the owner's.
grant connect, temporary on database :"DBNAME" to :"role";
grant usage on schema public to :"role";
grant select, insert, update, delete on all tables in schema public to :"role";
grant usage, select, update on all sequences in schema public to :"role";
grant execute on all functions in schema public to :"role";
-- Account events are added, read and (after 180 days) removed; never changed. A trigger holds it for the owner as well.
revoke update on account_events from :"role";
