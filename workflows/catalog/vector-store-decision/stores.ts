/** Properties of vector stores that decide, as the makers' documents state them. Plain data with a date: a run cites it as such and
 * asks for a check before anything is signed. A price is never in here. */
export const STORES_REVIEWED = '2026-11-25';
export const LAYOUTS = ['float32', 'float16', 'int8', 'binary'] as const;
export type Layout = (typeof LAYOUTS)[number];
export const HOSTINGS = ['postgres', 'own_servers', 'library', 'managed'] as const;
export type Hosting = (typeof HOSTINGS)[number];
/** 2 = part of the store, 1 = with work around it, 0 = not there */
type Grade = 0 | 1 | 2;

export interface Store {
  title: string; hosting: Hosting; licence: string; openSource: boolean;
  /** what an approximate index takes, by layout; a layout that is not named is not offered. null = more than this form asks for */
  layouts: Partial<Record<Layout, number | null>>;
  /** spreads one index over several machines by itself */
  shards: boolean;
  filters: Grade; hybrid: Grade; tenants: Grade;
  /** 0 to 1: how little there is to run beside what a team has */
  operations: number;
  /** 0 to 1: how easily data and queries leave again */
  exit: number;
  /** sentences that a run reads as material */
  words: string; strength: string; weakness: string; measure: string;
  /** where to check all of it */
  docs: string;
}

export const STORE_IDS = ['pgvector', 'qdrant', 'milvus', 'weaviate', 'opensearch', 'faiss', 'chroma', 'pinecone'] as const;
export type StoreId = (typeof STORE_IDS)[number];

export const STORES: Readonly<Record<StoreId, Store>> = {
  pgvector: {
    title: 'pgvector', hosting: 'postgres', licence: 'PostgreSQL Licence', openSource: true, layouts: { float32: 2_000, float16: 4_000, binary: 64_000 }, shards: false, filters: 1, hybrid: 1, tenants: 2, operations: 0.9, exit: 1,
    words: 'It is an extension of PostgreSQL. Its HNSW index takes 2,000 dimensions as vector, 4,000 as halfvec and 64,000 as bit.',
    strength: 'vectors lie beside the rows they belong to, with transactions, joins, row-level rights and the backups that are there',
    weakness: 'one index lives on one machine, and a filter that keeps little needs iterative scans or a partial index',
    measure: 'recall and p95 with your filters while rows are written, and the time to build the index',
    docs: 'https://github.com/pgvector/pgvector',
  },
  qdrant: {
    title: 'Qdrant', hosting: 'own_servers', licence: 'Apache-2.0', openSource: true, layouts: { float32: null, float16: null, int8: null, binary: null }, shards: true, filters: 2, hybrid: 2, tenants: 2, operations: 0.6, exit: 0.75,
    words: 'It is a server of its own for vectors with payload. Quantization is scalar, product or binary, with the full vectors on disk for rescoring.',
    strength: 'payload filters are part of the graph search, dense and sparse results can be fused, and a collection is sharded and replicated over machines',
    weakness: 'it is one more database to back up, secure and upgrade, and to keep consistent with the source',
    measure: 'recall after quantization with rescoring, and p95 while a shard moves',
    docs: 'https://qdrant.tech/documentation/',
  },
  milvus: {
    title: 'Milvus', hosting: 'own_servers', licence: 'Apache-2.0', openSource: true, layouts: { float32: null, float16: null, int8: null, binary: null }, shards: true, filters: 2, hybrid: 2, tenants: 2, operations: 0.4, exit: 0.75,
    words: 'It is a distributed system with separate parts for queries, data and coordination. It offers HNSW, IVF and DiskANN indexes and up to 32,768 dimensions.',
    strength: 'it is made for very large collections, with partition keys for tenants and indexes on disk',
    weakness: 'a cluster needs object storage, a metadata store and people who run Kubernetes',
    measure: 'what a cluster of your size costs to run, and how long it takes to come back after a lost node',
    docs: 'https://milvus.io/docs',
  },
  weaviate: {
    title: 'Weaviate', hosting: 'own_servers', licence: 'BSD-3-Clause', openSource: true, layouts: { float32: null, int8: null, binary: null }, shards: true, filters: 2, hybrid: 2, tenants: 2, operations: 0.55, exit: 0.65,
    words: 'It is a server of its own with HNSW and flat indexes, scalar and binary quantization.',
    strength: 'vector and inverted indexes stand side by side, so keyword and vector results are fused in one query, and each tenant can have a shard',
    weakness: 'it brings its own schema and query interface, which a later move has to replace',
    measure: 'memory with one shard a tenant, and the quality of the fused ranking',
    docs: 'https://docs.weaviate.io/weaviate',
  },
  opensearch: {
    title: 'OpenSearch', hosting: 'own_servers', licence: 'Apache-2.0', openSource: true, layouts: { float32: null, float16: null, int8: null, binary: null }, shards: true, filters: 2, hybrid: 2, tenants: 1, operations: 0.45, exit: 0.65,
    words: 'It is a search engine with vectors as one field type, on the Lucene and Faiss engines.',
    strength: 'keyword search is what it was made for, and hybrid queries combine both scores',
    weakness: 'it is heavy when vectors are all you need, and filtering during the graph search depends on the engine chosen',
    measure: 'p95 with filters on the engine you choose, and memory outside the heap',
    docs: 'https://docs.opensearch.org/latest/vector-search/',
  },
  faiss: {
    title: 'Faiss', hosting: 'library', licence: 'MIT', openSource: true, layouts: { float32: null, float16: null, int8: null, binary: null }, shards: false, filters: 0, hybrid: 0, tenants: 0, operations: 0.5, exit: 0.9,
    words: 'It is a library inside your own process, not a server.',
    strength: 'it has the widest choice of indexes, from flat to IVF with product quantization and HNSW, and nothing between you and the memory',
    weakness: 'persistence, filters, deletion, rights, replication and backups are yours to build',
    measure: 'how long a restart takes until the index is in memory again',
    docs: 'https://github.com/facebookresearch/faiss',
  },
  chroma: {
    title: 'Chroma', hosting: 'own_servers', licence: 'Apache-2.0', openSource: true, layouts: { float32: null }, shards: false, filters: 1, hybrid: 1, tenants: 1, operations: 0.7, exit: 0.7,
    words: 'It runs inside a process or as a small server and keeps an HNSW index with metadata filters.',
    strength: 'it is quick to begin with and small to run',
    weakness: 'a single machine holds the whole collection when you run it yourself',
    measure: 'p95 with parallel writes, and a restore from backup',
    docs: 'https://docs.trychroma.com',
  },
  pinecone: {
    title: 'Pinecone', hosting: 'managed', licence: 'proprietary service', openSource: false, layouts: { float32: null }, shards: true, filters: 2, hybrid: 2, tenants: 2, operations: 1, exit: 0.3,
    words: 'It is a hosted service only, and an index takes 20,000 dimensions. The price follows use and comes from the vendor.',
    strength: 'nothing is run by you, namespaces separate tenants, and metadata filters are part of the search',
    weakness: 'backups stay inside the service, so a move means reading every record out or embedding again',
    measure: 'the bill of one real week, and reading a million records out again',
    docs: 'https://docs.pinecone.io',
  },
};

/** What a run tells a model about a store, as a text that it can cite. */
export function storeText(id: StoreId): string {
  const { title, licence, hosting, words, strength, weakness, measure } = STORES[id];
  const place = { postgres: 'inside PostgreSQL', own_servers: 'on servers of your own', library: 'inside your own process', managed: 'at the vendor' }[hosting];
  return `${title} runs ${place} under this licence: ${licence}. ${words}\nStrength of ${title}: ${strength}.\nWeakness of ${title}: ${weakness}.\nTo measure with ${title}: ${measure}.`;
}
