/** A request that only AWS can fulfil. */
import { withTimeLimit } from '../../../wire/time-limit.ts';
import { clip, safeText } from '../../words/safe-text.ts';
import { type Refused, SEND_TIMEOUT, type Taken } from '../sender.ts';
import type { ServicePorts } from '../service-ports.ts';

type Aws = NonNullable<ServicePorts['aws']>;

/**
 * Never rejects, and ends within `timeout`.
 * @param hidden texts that an error may repeat, such as the number of a person
 */
export async function callAws(
  { aws }: Pick<ServicePorts, 'aws'>,
  request: (aws: Aws, signal: AbortSignal) => Promise<string>,
  stop: AbortSignal,
  { hidden = [], timeout = SEND_TIMEOUT }: { readonly hidden?: readonly string[]; readonly timeout?: number } = {},
): Promise<Taken | Refused> {
  if (aws === undefined) return { taken: false, words: 'only AWS does this, not one machine', retryAfter: null };
  return await withTimeLimit(timeout, stop, async (signal, isOver) => {
    try {
      const id = await request(aws, signal);
      return { taken: true, answer: `message ${safeText(id, 100)}` };
    } catch (error) {
      if (isOver()) return { taken: false, words: `no reply within ${timeout / 1000} s`, retryAfter: null };
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const shown = hidden.reduce((text, one) => text.replaceAll(one, '***'), clip(words, 1000));
      return { taken: false, words: safeText(shown, 300), retryAfter: null };
    }
  });
}
