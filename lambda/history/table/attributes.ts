/**
 * Items to and from the attribute values of DynamoDB's protocol. Names of attributes are data here, such as ids of targets. A
 * target may be called `constructor`; the SDK's own conversion takes such an item for an instance of a class.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Attributes = Record<string, AttributeValue>;

/** @throws where a value has no form in DynamoDB */
export function toAttributes(item: Readonly<Record<string, unknown>>): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) setOwn(attributes, name, toAttribute(value));
  }
  return attributes;
}

function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map((each) => toAttribute(each ?? null)) };
  if (typeof value === 'object') return { M: toAttributes(value as Readonly<Record<string, unknown>>) };
  throw new TypeError(`no attribute of DynamoDB can hold ${String(value)}`);
}

export function fromAttributes(attributes: Readonly<Attributes>): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  for (const name of Object.keys(attributes)) {
    const attribute = attributes[name];
    if (attribute !== undefined) setOwn(item, name, fromAttribute(attribute));
  }
  return item;
}

/** This project writes no sets and no binary values. They are shown all the same, sets as lists. */
function fromAttribute(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.M !== undefined) return fromAttributes(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  return attribute.SS ?? attribute.NS?.map(Number) ?? attribute.B ?? attribute.BS ?? null;
}

/** As `JSON.parse` does it: an assignment to `__proto__` would not make a property. */
function setOwn<Value>(object: Record<string, Value>, name: string, value: Value): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
