/** Reads domain names of a message: RFC 1035 4.1.4. */

/** RFC 1035 2.3.4. */
const LONGEST_NAME = 255;

export interface ReadName {
  /** Without a dot at the end; empty for the root. Dots and unusual octets in a label are escaped (RFC 1035 5.1). */
  readonly name: string;
  /** Where the message continues after the name. */
  readonly end: number;
}

interface Suffix extends ReadName {
  /** Octets of the name without pointers. */
  readonly octets: number;
}

const ROOT = { name: '', octets: 1 };

/**
 * A reader that throws RangeError if a name is damaged. Each octet of the message is read once: names are kept by their place, so
 * that a message full of pointers costs no more than another one.
 */
export function nameReader(message: Buffer): (start: number) => ReadName {
  const known = new Map<number, Suffix>();
  return (start) => {
    const { places, last } = placesOf(message, start, known);
    let suffix = last;
    for (const { at, end } of places.toReversed()) {
      suffix = longer(message, at, end, suffix);
      known.set(at, suffix);
    }
    return suffix;
  };
}

interface Place {
  readonly at: number;
  /** Where the message continues after the name that begins here. */
  end: number;
}

/** The labels from `start` to the root, or to a name that is known. */
function placesOf(message: Buffer, start: number, known: ReadonlyMap<number, Suffix>) {
  const places: Place[] = [];
  let segment = start;
  let first = 0;
  for (let at = start; ; ) {
    const suffix = known.get(at);
    const length = message[at] ?? 0x40;
    if (suffix !== undefined || length === 0) {
      const end = suffix?.end ?? at + 1;
      for (const place of places.slice(first)) place.end = end;
      return { places, last: suffix ?? { ...ROOT, end } };
    }
    if (length < 0x40) {
      places.push({ at, end: 0 });
      // More labels than octets of a name.
      if (places.length > LONGEST_NAME / 2) throw new RangeError('a name is too long');
      at += length + 1;
    } else {
      const target = pointerAt(message, at, segment);
      for (const place of places.slice(first)) place.end = at + 2;
      // The name at a pointer alone has the text of its target.
      if (places.length === first) places.push({ at, end: at + 2 });
      first = places.length;
      segment = target;
      at = target;
    }
  }
}

/** A pointer goes back to before the labels that it ends, so that no loop is possible. */
function pointerAt(message: Buffer, at: number, segment: number): number {
  const [high = 0, low] = message.subarray(at, at + 2);
  if (high < 0xc0 || low === undefined) throw new RangeError('a name is damaged');
  const target = ((high & 0x3f) << 8) | low;
  if (target >= segment) throw new RangeError('a pointer of a name is not backwards');
  return target;
}

function longer(message: Buffer, at: number, end: number, rest: Suffix): Suffix {
  const length = message[at] ?? 0;
  if (length >= 0xc0) return { ...rest, end };
  const octets = rest.octets + length + 1;
  if (octets > LONGEST_NAME || at + 1 + length > message.length) throw new RangeError('a name is too long');
  const label = escapeLabel(message.toString('latin1', at + 1, at + 1 + length));
  return { name: rest.name === '' ? label : `${label}.${rest.name}`, octets, end };
}

function escapeLabel(label: string): string {
  if (!/[^\x21-\x7e]|[.\\]/.test(label)) return label;
  return label.replace(/[.\\]/g, '\\$&').replace(/[^\x21-\x7e]/g, octetNumber);
}

function octetNumber(octet: string): string {
  return `\\${String(octet.charCodeAt(0)).padStart(3, '0')}`;
}
