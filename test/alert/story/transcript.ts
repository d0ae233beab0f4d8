/** What each channel got, as a text that a person can read: the time of the story, and what is to be seen then. */
import { isFields } from '../../../lambda/history/table/type-guards.ts';
import type { FakeReply, FakeRequest } from '../../fakes/fake-service.ts';
import type { JsonRequest } from '../../fakes/json-server.ts';
import type { ReceivedMail } from '../../local/relay-server.ts';
import type { Services } from './services.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Of each channel: the name of its file, and what it got so far. */
export function receivedBy(services: Services): Readonly<Record<string, readonly string[]>> {
  const { slack, teams, dead, telegram, discord, pagerduty, jsm, relay } = services;
  return {
    slack: slack.requests.map((request, at) => slackText(request) + outcomeText(slack.replies[at])),
    teams: teams.requests.map((request, at) => teamsText(request) + outcomeText(teams.replies[at])),
    dead: dead.requests.map((request, at) => teamsText(request) + outcomeText(dead.replies[at])),
    telegram: telegram.requests.map((request, at) => telegramText(request) + outcomeText(telegram.replies[at])),
    discord: discord.requests.map((request, at) => discordText(request) + outcomeText(discord.replies[at])),
    pagerduty: pagerduty.requests.map(pagerDutyText),
    jsm: jsm.requests.map(jsmText),
    mail: relay.received.map(mailText),
  };
}

/** What became of a message that was not taken. */
function outcomeText(reply: FakeReply | 'hang' | undefined): string {
  if (reply === 'hang') return '\n=> no reply';
  const { status = 0, body } = reply ?? {};
  const refused = isFields(body) && body.ok === false ? ` ${JSON.stringify(body)}` : '';
  return status < 300 && refused === '' ? '' : `\n=> ${status}${refused}`;
}

function slackText({ path, json = {} }: FakeRequest): string {
  const { thread_ts, reply_broadcast, blocks } = json;
  const where = thread_ts === undefined ? '' : reply_broadcast === true ? ' in the thread, for all' : ' in the thread';
  return `${path.endsWith('update') ? 'edits' : 'posts'}${where}\n${listOf(blocks).map(blockText).join('\n')}`;
}

function blockText(block: Fields): string {
  if (block.type === 'actions') return listOf(block.elements).map(buttonText).join(' ');
  return listOf(block.elements)
    .map((section) => {
      const text = listOf(section.elements).map(elementText).join('');
      return section.type === 'rich_text_preformatted' ? indented(text) : text;
    })
    .join('\n');
}

function buttonText({ text }: Fields): string {
  return `[${isFields(text) ? text.text : ''}]`;
}

function elementText({ type, text, name }: Fields): string {
  return type === 'emoji' ? `:${name}:` : String(text);
}

function teamsText({ json = {} }: FakeRequest): string {
  const [attachment] = listOf(json.attachments);
  const { content } = attachment ?? {};
  const parts = isFields(content) ? listOf(content.body) : [];
  return ['posts', ...parts.flatMap(({ inlines }) => listOf(inlines).map(({ text }) => String(text)))].join('\n');
}

function telegramText({ path, json = {} }: FakeRequest): string {
  const what = path.endsWith('editMessageText') ? 'edits' : json.reply_parameters === undefined ? 'posts' : 'replies';
  return `${what}\n${json.text}`;
}

function discordText({ method, json = {} }: FakeRequest): string {
  return `${method === 'PATCH' ? 'edits' : 'posts'}\n${json.content}`;
}

function pagerDutyText({ body }: JsonRequest): string {
  const { event_action, dedup_key, payload } = body;
  const { severity, summary } = isFields(payload) ? payload : {};
  return [`${event_action} ${dedup_key}`, ...(summary === undefined ? [] : [`${severity}: ${summary}`])].join('\n');
}

function jsmText({ path, body }: JsonRequest): string {
  const { message, priority, note } = body;
  const lines = [message === undefined ? '' : `${priority} ${message}`, note === message ? '' : String(note)];
  return [`POST ${decodeURIComponent(path)}`, ...lines.filter((line) => line !== '')].join('\n');
}

function mailText({ message }: ReceivedMail): string {
  const [head = '', ...body] = message.split(/\r?\n\r?\n/);
  const subject = /^Subject: (.*(?:\r?\n[ \t].*)*)/m.exec(head)?.[1]?.replace(/\r?\n/g, '') ?? '';
  const text = body.join('\n\n').replace(/\r/g, '');
  const isQuoted = /quoted-printable/i.test(head);
  return `Subject: ${subject}\n\n${(isQuoted ? unquoted(text) : text).trimEnd()}`;
}

/** RFC 2045, 6.7. */
function unquoted(text: string): string {
  const joined = text.replace(/=\n/g, '');
  const octets = joined.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1').toString('utf8');
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}

/** The same in each run. */
export function stable(text: string): string {
  return text
    .replace(/\d{4}-\d\d-(?:\d\d|…)/g, '<date>')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/\bport \d+/g, 'port <port>')
    .replace(/\b\d+(?:\.\d+)? ms\b/g, '<n> ms')
    .replace(/\/acknowledge\/[\w.-]+/g, '/acknowledge/<link>')
    .replace(/valid until .* UTC/g, 'valid until <time>');
}
