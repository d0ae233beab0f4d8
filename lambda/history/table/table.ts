/** The few things this project asks of DynamoDB. The DynamoDB client, its embedded twin and the simulation's keep it. */

/** `pk` and `sk` are the key, `ttl` is epoch seconds; the rest is plain JSON (no `undefined`). */
export interface Item {
  readonly pk: string;
  readonly sk: string;
  readonly ttl?: number;
  readonly [attribute: string]: unknown;
}

/** The item must be absent, or its `version` attribute must be this number. */
export type Condition = { readonly absent: true } | { readonly version: number };

export interface Range {
  /** Inclusive bounds on `sk`. */
  readonly from?: string;
  readonly to?: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  readonly consistent?: boolean;
  /** Without anything but `pk`, `sk` and `ttl`: for as many units, but few bytes on the way. */
  readonly keysOnly?: boolean;
}

export interface Table {
  /** False when the condition did not hold: nothing was written. Throttles are retried inside. */
  put(item: Item, condition?: Condition): Promise<boolean>;
  get(pk: string, sk: string): Promise<Item | null>;
  /** Every page of it; items whose `ttl` has passed are left out. */
  query(pk: string, range?: Range): Promise<readonly Item[]>;
}
