import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerUrlChecks, checkAnswerUrl } from '../../../../bin/doctor/answers/check-answer-url.ts';
import type { DeploymentCheckContext } from '../../../../bin/doctor/check-context.ts';
import { answersConfig } from '../../../answer/answered.ts';

let server: Server;
let status = 204;
let asked: string | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked = request.url;
    response.writeHead(status).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise((done) => server.close(done)));

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

function contextWith(outputs: Readonly<Record<string, string>>): DeploymentCheckContext {
  const stack = async () => ({ status: 'CREATE_COMPLETE', outputs: new Map(Object.entries(outputs)) });
  return { aws: { stack }, config: answersConfig } as unknown as DeploymentCheckContext;
}

test('a URL that answers passes', async () => {
  const result = await checkAnswerUrl(contextWith({ AnswersUrl: url() }));
  expect([result.outcome, asked]).toEqual(['pass', '/health']);
  expect(result.detail).toContain(`${url()} answers`);
});

test.each([
  [403, /--revert-drift/],
  [429, /answers-throttled/],
  [502, /answers-errors/],
])('a URL that answers %i fails, with what to do', async (answered, fix) => {
  status = answered;
  const result = await checkAnswerUrl(contextWith({ AnswersUrl: url() }));
  expect(result).toMatchObject({ outcome: 'fail', detail: `${url()} answers ${answered}` });
  expect(result.fix).toMatch(fix);
});

test('a URL at which nothing listens fails, in words', async () => {
  const result = await checkAnswerUrl(contextWith({ AnswersUrl: 'http://127.0.0.1:1/' }));
  expect(result.outcome).toBe('fail');
  expect(result.detail).toMatch(/does not answer: .*(?:ECONNREFUSED|bad port)/);
});

test('a stack without a URL is to be deployed', async () => {
  expect((await checkAnswerUrl(contextWith({}))).fix).toBe("npx cdk deploy '*/Home'");
});

test('it is asked only if the config needs it', () => {
  const { answers: _, ...rest } = answersConfig;
  expect(answerUrlChecks(answersConfig).map(({ name, region }) => [name, region])).toEqual([['answers', 'local']]);
  expect(answerUrlChecks({ ...rest, notify: [] })).toEqual([]);
});
