// Plain JavaScript, so that the CDK command line runs it with `node` alone: it registers the TypeScript loader first.
import { register } from 'tsx/esm/api';

register();
await import('./app.ts');
