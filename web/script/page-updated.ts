/** Event of the document after the page was updated: there may be more history. */
export const UPDATED = 'smtp-quorum:updated';
