import type { VectorStoreDecisionForm } from './definition.ts';

/** Input sets that work at once, each with another outcome. */
export const PRESETS: readonly { key: string; title: string; inputs: VectorStoreDecisionForm }[] = [
  {
    key: 'support_search', title: 'Support search beside an existing PostgreSQL',
    inputs: {
      use_case: 'Support staff search product manuals and solved tickets by meaning and by part number; access rights follow the customer contract.',
      vectors: 3_000_000, dimensions: 768, growth_percent: 60, horizon_months: 24, queries_per_second: 15, p95_ms: 150, filtering: 'broad', tenants: 'shared',
      candidates: ['pgvector', 'qdrant', 'opensearch', 'faiss'], node_memory_gb: 64, budget_usd_month: 2_000, deciders: 'Platform team, support operations',
      known_facts: 'PostgreSQL 16 is run by the platform team with daily backups and a tested restore. Nobody in the team has run a search cluster. Tickets hold personal data and must not leave our own servers.',
    },
  },
  {
    key: 'large_catalog', title: 'Product catalog that outgrows one machine',
    inputs: {
      use_case: 'A shop shows products that are like the one on the page, filtered by stock and country, for several brands on one platform.',
      vectors: 60_000_000, dimensions: 1024, payload_bytes: 600, growth_percent: 80, horizon_months: 36, queries_per_second: 400, p95_ms: 60, recall_percent: 97, filtering: 'narrow', hybrid: false, tenants: 'separate',
      hosting: ['own_servers', 'managed', 'postgres'], candidates: ['pgvector', 'qdrant', 'milvus', 'pinecone'], current_store: 'pgvector', densest_layout: 'int8', node_memory_gb: 128, max_nodes: 8, budget_usd_month: 15_000,
      quotes: [{ store: 'pinecone', usd_month: 11_500, source: 'example figure, put your own quote here' }], weight_features: 4, weight_cost: 3,
    },
  },
  {
    key: 'small_team', title: 'A small collection: is a store needed at all?',
    inputs: {
      use_case: 'A law office searches its own contracts and letters by meaning on one server.', vectors: 40_000, dimensions: 1536, payload_bytes: 2_000, growth_percent: 20, horizon_months: 36, queries_per_second: 2, p95_ms: 300, filtering: 'none',
      candidates: ['pgvector', 'chroma', 'faiss'], node_memory_gb: 8, max_nodes: 1, replicas: 1, budget_usd_month: 100, weight_operations: 5,
    },
  },
];
