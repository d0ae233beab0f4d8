/**
 * The value of a name in a table; undefined if there is none. Names come from servers, files and configs, and one may be a name that
 * every object has, such as `constructor`.
 */
export function ownValue<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
