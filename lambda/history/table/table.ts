/**
 * The operations that this project needs of DynamoDB. The DynamoDB client and the in-memory tables of the tests
 * implement them.
 */

/** `pk` and `sk` are the key, `ttl` is epoch seconds; the rest is plain JSON (no `undefined`). */
export interface Item {
  readonly pk: string;
  readonly sk: string;
  readonly ttl?: number;
  readonly [attribute: string]: unknown;
}

/** The item must be absent, or its `version` attribute must be this one; `undefined`: there must be none. */
export type Condition = { readonly absent: true } | { readonly version: unknown };

export interface Range {
  /** Inclusive bounds on `sk`. */
  readonly from?: string;
  readonly to?: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  readonly consistent?: boolean;
  /** Returns `pk`, `sk` and `ttl` alone: consumes the same capacity units, but transfers few bytes. */
  readonly keysOnly?: boolean;
}

export interface Table {
  /** False if the condition does not hold: nothing is written. Throttled requests are retried. */
  put(item: Item, condition?: Condition): Promise<boolean>;
  get(pk: string, sk: string): Promise<Item | null>;
  /** Reads every page. Omits items whose `ttl` has passed. */
  query(pk: string, range?: Range): Promise<readonly Item[]>;
}
