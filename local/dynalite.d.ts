/**
 * The parts of dynalite that the embedded database is made of: its operations over a store, without its HTTP server.
 * @see https://github.com/architect/dynalite
 */
declare module 'dynalite/db/index.js' {
  import type { Readable } from 'node:stream';

  type Callback<Value = void> = (error: Error | null, value?: Value) => void;

  /** What dynalite asks of LevelDB: keys are text, values are JSON. */
  interface KeyValueStore {
    put(key: string, value: unknown, callback: Callback): void;
    get(key: string, callback: Callback<unknown>): void;
    del(key: string, callback: Callback): void;
    batch(
      operations: readonly { readonly type: 'put' | 'del'; readonly key: string; readonly value?: unknown }[],
      callback: Callback,
    ): void;
    createKeyStream(range?: object): Readable;
    createValueStream(range?: object): Readable;
  }

  const dynalite: {
    create(options: { readonly createTableMs?: number }): { readonly db: KeyValueStore };
    hashPrefix(value: string, type: 'S'): string;
  };
  export = dynalite;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    checkTypes(data: unknown, types: object): object;
    checkValidations(data: object, types: object, custom: unknown, store: object): void;
  };
  export = validations;
}

declare module 'dynalite/validations/*.js' {
  const validation: { readonly types: object; readonly custom?: unknown };
  export = validation;
}

declare module 'dynalite/actions/*.js' {
  const action: (store: object, data: object, callback: (error: Error | null, answer?: object) => void) => void;
  export = action;
}
