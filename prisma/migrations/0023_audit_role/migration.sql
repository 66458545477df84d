-- A reader of the audit log asks by person and time.
CREATE INDEX "audit_events_subject_at_idx" ON "audit_events"("subject", "at");

-- The role that API and worker work as: everything on rows, nothing on tables, and of the audit log only to read and to add.
-- Where the server does not let us make roles, the trigger alone keeps the log, and the administrator may make the role by hand.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'awp_app') THEN
    BEGIN
      CREATE ROLE awp_app NOLOGIN;
    EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
      RAISE NOTICE 'the role awp_app was not made here';
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'awp_app') THEN
    GRANT USAGE ON SCHEMA public TO awp_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO awp_app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO awp_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO awp_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO awp_app;
    REVOKE UPDATE, DELETE, TRUNCATE ON "audit_events" FROM awp_app;
    IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
      REVOKE INSERT, UPDATE, DELETE ON "_prisma_migrations" FROM awp_app;
    END IF;
    BEGIN
      EXECUTE format('GRANT awp_app TO %I', current_user);
    EXCEPTION WHEN OTHERS THEN
      RAISE NOTICE 'awp_app was not given to %', current_user;
    END;
  END IF;
END $$;
