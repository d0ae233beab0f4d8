/** Where the page is written to. On AWS it is a bucket: `site-bucket.ts`. */

import type { SiteFile } from '../../web/site.ts';

export interface StoredManifest {
  readonly text: string;
  /** Changes with each write. */
  readonly tag: string;
}

export interface SiteStore {
  /** Null if there is none. */
  manifest(): Promise<StoredManifest | null>;
  /**
   * Writes the manifest if it still is the one with this tag (null: if there still is none).
   * @returns the new tag; null if another publication was first
   */
  writeManifest(text: string, tag: string | null): Promise<string | null>;
  /** All files of the page that are there. */
  paths(): Promise<readonly string[]>;
  put(path: string, file: SiteFile): Promise<void>;
  /** Also if it is not there. */
  remove(path: string): Promise<void>;
}
