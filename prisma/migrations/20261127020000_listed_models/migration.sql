-- The models that a provider named to a person's key, so that forms offer more than the built-in ones.
ALTER TABLE "provider_settings" ADD COLUMN "listed_models" TEXT[] DEFAULT ARRAY[]::TEXT[];
