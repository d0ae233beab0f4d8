import { App } from 'aws-cdk-lib';
import { configForApp, egressForApp } from '../lib/app-config.ts';
import { SmtpQuorum } from '../lib/smtp-quorum.ts';

const app = new App();
const config = configForApp(app);
new SmtpQuorum(app, 'SmtpQuorum', { config, egress: egressForApp(app, config) });
