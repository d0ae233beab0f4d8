/** What is known about a DNS list: RFC 5782. */

export interface DnsList {
  readonly zone: string;
  /** The zone as it is shown: without the key of a customer. */
  readonly shownZone: string;
  readonly name: string;
  /** What the list has: addresses (2.1), domains (3), or addresses that send wanted mail (2.2). */
  readonly kind: 'addresses' | 'domains' | 'allowed';
  /** `fail`: large receivers refuse mail of what is listed. `warn`: the list is one sign among others. */
  readonly weight: 'fail' | 'warn';
  /** What an answer means. Other answers are listings, too. */
  readonly codes: Readonly<Record<string, ListCode>>;
  /** The last octet of an answer is a sum of the keys of `codes`. */
  readonly bits?: true;
  /** Answers that refuse the question, besides 127.255.255.0/24. */
  readonly refusals?: readonly string[];
  /** The entry that the list has for tests, if it is another one than that of RFC 5782 5. */
  readonly testEntry?: string;
  /** Its policy: who may ask, and how often. */
  readonly page: string;
  /** Where to look up why something is listed, and to ask for removal. */
  readonly removal: string;
  /** Day on which page, codes and policy were looked up. */
  readonly seen: string;
  /** Least seconds between two runs that ask the list about the same name. */
  readonly everyAtLeast: number;
  /** It has no public zone: customers ask it by their key, and it is left out without one. */
  readonly needsKey?: true;
  /** It answers only resolvers that are registered with it. */
  readonly registered?: true;
}

/** A meaning, with a weight if it is another one than that of the list. */
export type ListCode = string | { readonly meaning: string; readonly weight: 'warn' };

function meaningOf(code: ListCode | undefined): string | null {
  return typeof code === 'object' ? code.meaning : (code ?? null);
}

/** The codes that an answer has: the answer itself, or its bits. */
function codesOf(list: DnsList, answer: string): readonly string[] {
  if (list.bits !== true) return [answer];
  const octet = Number(answer.split('.')[3]);
  return Object.keys(list.codes).filter((bit) => (octet & Number(bit)) !== 0);
}

/** `127.0.0.2 SBL: source of spam`. */
export function answerText(list: DnsList, answer: string): string {
  const meanings = codesOf(list, answer).map((code) => meaningOf(list.codes[code]));
  return [answer, meanings.filter((one) => one !== null).join(', ')].filter((text) => text !== '').join(' ');
}

/** The heaviest weight of the answers. */
export function listingWeight(list: DnsList, answers: readonly string[]): 'fail' | 'warn' {
  const codes = answers.flatMap((answer) => codesOf(list, answer)).map((code) => list.codes[code]);
  const lighter = codes.length > 0 && codes.every((code) => typeof code === 'object');
  return lighter ? 'warn' : list.weight;
}
