/** The explanation of a domain for `fail`: RFC 7208 6.2. Never throws. */

import type { RecordLookup } from '../../dns/records/records.ts';
import { macroName, type SpfEvaluation, type SpfQuestion } from './evaluate.ts';
import { expandDomain, expandMacros, type MacroValues, macroStringProblem, needsValidatedName } from './macro.ts';

/** The host that receives, and the time in seconds: the macros `r` and `t`. */
export interface Receiver {
  readonly name: string;
  readonly time: number;
}

/** Null if the domain explains nothing: no `exp=`, no record, several, a mistake, or characters that are not ASCII. */
export async function explainFailure(
  { explainedAt }: Pick<SpfEvaluation, 'explainedAt'>,
  question: SpfQuestion,
  lookup: RecordLookup,
  receiver: Receiver,
): Promise<string | null> {
  if (explainedAt === null) return null;
  const { spec, domain } = explainedAt;
  const { ip, sender, helo } = question;
  const values: MacroValues = { ip, sender, helo, domain, receiver: receiver.name, time: receiver.time };
  const nameFor = async (text: string) =>
    needsValidatedName(text) ? await macroName(domain, { lookup, question }) : '';
  const answer = await lookup('TXT', expandDomain(spec, values, await nameFor(spec)));
  const [text, ...others] = answer.kind === 'found' ? answer.values : [];
  if (text === undefined || others.length > 0 || macroStringProblem(text) !== null) return null;
  return /^[\x20-\x7e]*$/.test(text) ? expandMacros(text, values, await nameFor(text)) : null;
}
