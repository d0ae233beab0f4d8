import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acknowledgeLink, LINK_PATH } from '../../lambda/answer/acknowledge-link.ts';
import type { FunctionUrlResult } from '../../lambda/answer/function-url.ts';
import type { HttpRequest } from '../../lambda/answer/http.ts';
import { findOpenIncident } from '../../lambda/answer/incidents/acknowledge.ts';
import { type IncidentStores, openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { openWindowStore } from '../../lambda/history/windows/window-store.ts';
import { INCIDENTS, storeIncidents } from '../answer/answered.ts';
import { LINK_KEY, press, request, SLACK_SECRET, signedBySlack } from '../answer/clicks.ts';
import { whatIsMissing } from './cloud.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { type Caller, inRole } from './identity.ts';
import { describeCall, evaluateCalls } from './recorded-calls.ts';

/**
 * The home stack with buttons and links deployed to moto. The function is invoked with the events that its URL makes, with IAM
 * enforced. The tests follow one another.
 */
const missing = whatIsMissing();
if (missing !== null) process.stderr.write(`Answers are not proved here: ${missing}.\n`);

let on: Deployment;
let role: Caller;
let table: Table;
let stores: IncidentStores;

describe.skipIf(missing !== null)(`answers deployed to moto${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    on = await startDeployment();
    const secrets = new SecretsManagerClient(on.admin);
    await secrets.send(new CreateSecretCommand({ Name: 'alerts/signing', SecretString: SLACK_SECRET }));
    await secrets.send(new CreateSecretCommand({ Name: 'alerts/links', SecretString: LINK_KEY }));
    await secrets.send(new CreateSecretCommand({ Name: 'alerts/slack', SecretString: 'xoxb-token' }));
    const slack =
      'slack: { channel: C0123ABCD45, token: { secret: alerts/slack }, signingSecret: { secret: alerts/signing } }';
    // Nobody is told here.
    const watched = on.fleet.yaml().replace(/ {2}- webhook: .*\n.*\n/, '');
    const yaml = watched.replace(
      'notify:\n',
      `answers: { linkKey: { secret: alerts/links } }\nnotify:\n  - ${slack}\n`,
    );
    await Promise.all([on.bootstrap(), on.synth('answers', yaml)]);
    await on.deploy('answers', '*/Home', '--exclusively');
    await on.cloud.enforceAccess(false);
    role = await inRole(on.admin, 'mailwatch-home-AnswerRole');
    table = dynamodbTable(new DynamoDBClient(on.admin), 'mailwatch');
    stores = openIncidentStores(table);
    await storeIncidents(table);
    await on.cloud.enforceAccess(true);
  });

  afterAll(async () => {
    await on?.close();
  });

  test.each(Object.values(INCIDENTS))('a press of the button acknowledges %s', async (incident) => {
    const { statusCode } = await invoke(press({ action: 'smtp-quorum-acknowledge', value: incident }, on.now()));
    expect(statusCode).toBe(200);
    expect(await byOf(incident)).toBe('operator (Slack)');
  });

  test('a press of Mute is a mute for an hour, once', async () => {
    const pressed = press({ action: 'smtp-quorum-mute-1h', value: INCIDENTS.target }, on.now());
    for (let nth = 0; nth < 2; nth++) expect((await invoke(pressed)).statusCode).toBe(200);
    const { mutes } = await openWindowStore(table).mutes();
    expect(mutes).toMatchObject([{ targets: ['mx1'], by: 'operator (Slack)' }]);
    expect((mutes[0]?.until ?? 0) - (mutes[0]?.from ?? 0)).toBe(3_600_000);
  });

  test('a link shows a page, and says who acknowledged', async () => {
    const maker = { url: 'https://example.com', key: LINK_KEY, lifetime: 60_000 };
    const link = new URL(acknowledgeLink(INCIDENTS.target, 'ops@example.com', maker, on.now()));
    const { statusCode, headers, body } = await invoke(request('GET', link.pathname));
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain('operator (Slack)');
  });

  test.each([
    { what: 'nothing there', made: () => request('GET', '/'), status: 404 },
    { what: 'no signature', made: () => request('POST', '/slack'), status: 401 },
    { what: 'an old signature', made: () => signedBySlack('payload=%7B%7D', on.now() - 400_000), status: 401 },
    { what: 'a made-up link', made: () => request('POST', `${LINK_PATH}abc.def`), status: 401 },
    { what: 'PagerDuty, which no channel needs', made: () => request('POST', '/pagerduty'), status: 404 },
    {
      what: 'octets that are no UTF-8',
      made: () => request('POST', '/slack', { body: Buffer.from([255, 254]) }),
      status: 401,
    },
  ])('$what: $status', async ({ made, status }) => {
    expect((await invoke(made())).statusCode).toBe(status);
  });

  test('its log has no body, no signature and no token', async () => {
    const logs = (await on.cloud.invocations())
      .filter((run) => run.function === 'mailwatch-answer')
      .map(({ logs }) => logs);
    expect(logs.join('')).toContain('a request to acknowledge was refused');
    expect(logs.join('')).not.toMatch(/payload=|v0=|abc\.def/);
    expect(logs.join('')).not.toContain(SLACK_SECRET);
  });

  test.each<[string, (caller: Caller) => Promise<unknown>]>([
    ['make a delivery', (caller) => write(caller, 'delivery#topic')],
    ['write a round', (caller) => write(caller, 'round#us-east-1')],
    ['write an incident of the history', (caller) => write(caller, 'target#mx1')],
    ['read the state of channels', (caller) => get(caller, 'channels')],
  ])('the function must not %s', async (_, attempt) => {
    await expect(attempt(role)).rejects.toThrow(/not authorized/);
  });

  test('every call that it made is allowed by the synthesized policies, as another simulator reads them', async () => {
    const calls = await evaluateCalls(await on.cloud.calls(), `${on.cloud.folder}/answers.yaml`);
    expect(calls.filter(({ allowed }) => !allowed).map(describeCall)).toEqual([]);
    expect(calls.map(({ session }) => session)).toContain('mailwatch-answer');
    expect(await on.failures()).toEqual([]);
  });
});

/** As the URL hands it over: a body that is no text is in base64, here each second one is. */
async function invoke(made: HttpRequest): Promise<FunctionUrlResult> {
  const isText = Buffer.from(made.body).toString('utf8') === Buffer.from(made.body).toString('latin1');
  const isBase64Encoded = !isText || invoked++ % 2 === 0;
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: made.path,
    rawQueryString: '',
    headers: { host: 'mailwatch-answer.lambda-url.us-east-1.on.aws', 'x-forwarded-proto': 'https', ...made.headers },
    requestContext: {
      accountId: 'anonymous',
      domainName: 'mailwatch-answer.lambda-url.us-east-1.on.aws',
      http: { method: made.method, path: made.path, protocol: 'HTTP/1.1', sourceIp: made.source, userAgent: 'test' },
      requestId: 'e1506fd5-9e7b-434f-bd42-4f8fa224b599',
      routeKey: '$default',
      stage: '$default',
      timeEpoch: on.now(),
    },
    ...(made.body.length === 0 ? {} : { body: Buffer.from(made.body).toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded: made.body.length > 0 && isBase64Encoded,
  };
  const command = new InvokeCommand({ FunctionName: 'mailwatch-answer', Payload: Buffer.from(JSON.stringify(event)) });
  const { Payload } = await new LambdaClient(on.admin).send(command);
  return JSON.parse(Buffer.from(Payload ?? []).toString()) as FunctionUrlResult;
}

let invoked = 0;

async function byOf(incident: string): Promise<string | undefined> {
  return (await findOpenIncident(stores, incident))?.acknowledged?.by;
}

function get(caller: Caller, pk: string): Promise<unknown> {
  const Key = { pk: { S: pk }, sk: { S: 'x' } };
  return new DynamoDBClient(caller).send(new GetItemCommand({ TableName: 'mailwatch', Key }));
}

function write(caller: Caller, pk: string): Promise<unknown> {
  const Item = { pk: { S: pk }, sk: { S: 'x' } };
  return new DynamoDBClient(caller).send(new PutItemCommand({ TableName: 'mailwatch', Item }));
}
