import { randomUUID } from 'node:crypto';
import { safeText } from '../../lambda/alert/words/safe-text.ts';
import type { TestReport } from '../../lambda/deliver/answer-test-request.ts';
import type { TestRequest } from '../../lambda/deliver/deliver-event.ts';
import { namesOf } from '../../lib/naming/names.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { callProblem } from './aws-call-error-in-words.ts';
import { unknownChannel } from './test-this-machine.ts';

/** A deployment on AWS, by the name of its table. */
export interface DeploymentPlace {
  readonly table: string;
  readonly region?: string;
  readonly profile?: string;
}

/**
 * Lets the deployed functions `deliver` and `notify` send the test alerts: with the config, the role and the network of real ones.
 * There is no `notify` if the config names no service.
 * @throws UsageError if it cannot be asked, or there is no channel of this name
 */
export async function testDeployment(place: DeploymentPlace, names: readonly string[] | null): Promise<TestReport> {
  const request: TestRequest = { testAlert: { id: randomUUID().slice(0, 8), channel: names } };
  const functions = namesOf({ name: place.table });
  const [delivered, notified] = await Promise.all([
    invoke(place, functions.deliver, request),
    invoke(place, functions.notify, request).catch(nothingIfMissing),
  ]);
  const report = notified === null ? delivered : together(delivered, notified);
  if (report.results.length === 0) throw new UsageError(unknownChannel(report.channels));
  return report;
}

function together(delivered: TestReport, notified: TestReport): TestReport {
  return {
    ...delivered,
    results: [...delivered.results, ...notified.results],
    channels: [...new Set([...delivered.channels, ...notified.channels])],
  };
}

class FunctionMissing extends UsageError {}

function nothingIfMissing(error: unknown): null {
  if (error instanceof FunctionMissing) return null;
  throw error;
}

async function invoke({ region, profile }: DeploymentPlace, name: string, request: TestRequest): Promise<TestReport> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient({ ...(region && { region }), ...(profile && { profile }) });
  try {
    const answer = await client.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(request) }));
    return reportOf(name, answer.FunctionError, Buffer.from(answer.Payload ?? []).toString('utf8'));
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException')
      throw new FunctionMissing(
        `function '${name}' not found in ${region ?? 'the default region'}; check --table and --region`,
      );
    throw callProblem(error);
  } finally {
    client.destroy();
  }
}

function reportOf(name: string, failed: string | undefined, payload: string): TestReport {
  const answer = JSON.parse(payload || 'null') as (TestReport & { readonly errorMessage?: string }) | null;
  if (failed === undefined && answer?.results !== undefined) return answer;
  const why = safeText(answer?.errorMessage ?? failed ?? 'it gave no answer', 200);
  throw new UsageError(`${name} failed: ${why}; if it was deployed by an older version, deploy this one first`);
}
