// How a question may be answered, the same for the API and for inference.

/**
 * `closed_book`: from the weights of the version alone. `open_book`: the bare base reads the passage that retrieval finds,
 * which is what a version must be compared with. `hybrid`: the version's weights read that passage.
 */
export const QUERY_MODES = ['closed_book', 'open_book', 'hybrid'] as const
export type QueryMode = (typeof QUERY_MODES)[number]
