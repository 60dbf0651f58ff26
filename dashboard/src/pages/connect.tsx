import { useState } from 'preact/hooks';
import { api, take } from '../api';
import { useLive } from '../live';
import { Card, Code, Field, Filters, Page } from '../parts';

const snippets = (url: string, model: string): [string, string][] => [
  ['Your key', `export FREEWAY_KEY=…   # the key that you signed in with`],
  [
    'curl',
    `curl ${url}/chat/completions \\
  -H "Authorization: Bearer $FREEWAY_KEY" -H 'Content-Type: application/json' \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`,
  ],
  [
    'Python',
    `import os
from openai import OpenAI

# No retries: a daily quota does not come back within a retry.
client = OpenAI(base_url="${url}", api_key=os.environ["FREEWAY_KEY"], max_retries=0)
answer = client.chat.completions.create(
    model="${model}", messages=[{"role": "user", "content": "Hello"}])
print(answer.choices[0].message.content)`,
  ],
  [
    'JavaScript',
    `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${url}', apiKey: process.env.FREEWAY_KEY, maxRetries: 0 });
const answer = await client.chat.completions.create({
  model: '${model}', messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.choices[0].message.content);`,
  ],
  [
    'C#',
    `using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

// ClientRetryPolicy(0): this SDK would sleep out any Retry-After.
var client = new ChatClient("${model}", new ApiKeyCredential(Environment.GetEnvironmentVariable("FREEWAY_KEY")!),
    new OpenAIClientOptions { Endpoint = new Uri("${url}"), RetryPolicy = new ClientRetryPolicy(0) });
Console.WriteLine((await client.CompleteChatAsync("Hello")).Value.Content[0].Text);`,
  ],
];

export const ConnectPage = () => {
  const models = useLive(() => take(api.GET('/api/v1/models')), [], 60_000);
  const slugs = models.data?.data.map(model => model.free.slug ?? model.id) ?? [];
  const [chosen, setChosen] = useState('');
  const model = chosen || slugs[0] || 'model:free';
  return (
    <Page title="Connect" note="Any OpenAI client works: only the address, the key and the model's name change.">
      <Card title="Address">
        <Filters>
          <Field label="Model" value={model} set={setChosen} options={slugs} />
        </Filters>
        <Code what="The address" text={`${location.origin}/api/v1`} />
      </Card>
      {snippets(`${location.origin}/api/v1`, model).map(([name, text]) => (
        <Card title={name}>
          <Code what={name} text={text} />
        </Card>
      ))}
    </Page>
  );
};
