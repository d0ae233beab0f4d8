/**
 * Sends alerts to Amazon Q Developer in chat applications, as custom notifications by a topic.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
import type { ServiceReceiver } from '../../../config/channel.ts';
import { alertTexts } from '../../words/alert-texts.ts';
import { type AlertSummary, summarizeAlert } from '../../words/first-line.ts';
import { asciiJson, clip, safeText } from '../../words/safe-text.ts';
import { SEND_TIMEOUT, type Sender, type SentMessage } from '../sender.ts';
import type { ServicePorts } from '../service-ports.ts';
import { callAws } from './aws-call.ts';
import { actionOf } from './incident-of-alert.ts';

type AmazonQ = Extract<ServiceReceiver, { readonly kind: 'amazon-q' }>;

/** @param timeout of one attempt, in milliseconds */
export function amazonQSender({ topicArn }: AmazonQ, ports: ServicePorts, timeout = SEND_TIMEOUT): Sender {
  return (message, signal) => {
    const text = asciiJson(customNotification(message, ports.config));
    return callAws(ports, (aws, limit) => aws.publish(topicArn, text, limit), signal, { timeout });
  };
}

/** Characters of the values that a custom action may take out of a notification. */
const VARIABLE = 1024;

/** All notifications of an incident are one thread. A button is shown by the values of `additionalContext`. */
export function customNotification(message: SentMessage, context: ServicePorts['config']) {
  const { alert, ...circumstances } = message;
  const { default: line } = alertTexts(alert, context, circumstances);
  const summary = summarizeAlert(alert, context, circumstances);
  return {
    version: '1.0',
    source: 'custom',
    id: clip(alert.id, 200),
    content: {
      textType: 'client-markdown',
      title: plain(titleOf(summary, context.name), 150),
      description: plain(line, 1_500) + evidenceOf(summary),
      keywords: [plain(context.name, 24), alert.kind],
    },
    metadata: {
      threadId: safeText(alert.incident?.id ?? alert.id, 200),
      summary: plain(line, 200),
      eventType: alert.kind,
      enableCustomActions: true,
      relatedResources: [plain(summary.what, 64)],
      additionalContext: {
        monitor: clip(context.name, 64),
        incident: safeText(alert.incident?.id ?? '', VARIABLE),
        action: actionOf(alert),
      },
    },
  };
}

function titleOf({ title, what, line }: AlertSummary, monitor: string): string {
  return line === null ? `[${monitor}] ${title} ${what}` : `[${monitor}] ${title}`;
}

function evidenceOf({ reply }: AlertSummary): string {
  return reply === null ? '' : `\nReply: ${plain(reply, 300)}`;
}

/** Text in which neither Slack nor Teams finds markup, a link with another text, or a mention. */
function plain(text: string, most: number): string {
  const inert = text
    .replace(/[<>[\]*`~|#\\&]/g, (sign) => INSTEAD[sign] ?? ' ')
    .replaceAll('://', ': //')
    .replaceAll('@', '(at)')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, ' ');
  return clip(safeText(inert, most), most);
}

/** Signs that look alike and mean nothing. */
const INSTEAD: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '[': '(',
  ']': ')',
  '*': '∗',
  '`': "'",
  '~': '-',
  '|': '/',
  '#': '№',
  '\\': '/',
  '&': '+',
};
