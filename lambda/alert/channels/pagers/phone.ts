/** Calls a person, and says the alert. */
import type { ServiceReceiver } from '../../../config/channel.ts';
import { summarizeAlert } from '../../words/first-line.ts';
import { clip } from '../../words/safe-text.ts';
import { SEND_TIMEOUT, type Sender, type SentMessage } from '../sender.ts';
import type { ServicePorts, VoiceCall } from '../service-ports.ts';
import { callAws } from './aws-call.ts';
import { speechOf } from './speech.ts';

type Phone = Extract<ServiceReceiver, { readonly kind: 'phone' }>;

/** Seconds. A call that comes later says what was long ago. The API takes 5 and more. */
const WANTED_FOR = 300;

/** @param timeout of one attempt, in milliseconds */
export function phoneSender(receiver: Phone, ports: ServicePorts, timeout = SEND_TIMEOUT): Sender {
  const hidden = [receiver.number, receiver.number.slice(1), receiver.from];
  return (message, signal) =>
    callAws(ports, (aws, limit) => aws.call(voiceCall(receiver, message, ports.config), limit), signal, {
      hidden,
      timeout,
    });
}

export function voiceCall(
  { number, from, voice, mostPerMinute }: Phone,
  { alert, ...circumstances }: SentMessage,
  context: ServicePorts['config'],
): VoiceCall {
  return {
    number,
    from,
    voice,
    ssml: speechOf(context.name, summarizeAlert(alert, context, circumstances)),
    // Two digits before the point, and one to five behind it.
    mostPerMinute: mostPerMinute.toFixed(5),
    wantedFor: WANTED_FOR,
    alert: clip(alert.id.replace(/\s/g, ' ').trim(), 200),
  };
}
