/** One search engine behind one shape. Base URLs come from the admin's environment only, so they may be private. */
export interface SearchHit { title: string; url: string; snippet: string; /** longer text where the engine gives one */ text: string; source: string }
export interface SearchEngine {
  name: string;
  /** what a person would call it in a sentence: "SearXNG at search.example.org" */
  label: string;
  /** @throws ToolProblem `unavailable` when it cannot be reached or refuses, `failed` when its answer cannot be read */
  search(query: string, limit: number, signal: AbortSignal): Promise<SearchHit[]>;
  /** the address whose reachability tells whether a search can work */
  baseUrl: string;
}
