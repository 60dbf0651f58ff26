using System.Text;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Freeway.FrontDoor.Tests.SignUp;
using Freeway.FrontDoor.Tests.Support;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Notices;
using Freeway.Gateway.Upstreams;
using Freeway.Runner.Loopback;
using Freeway.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.FrontDoor.Tests.OpenApi;

/// <summary>Every status that <c>openapi.json</c> has for an operation comes from that operation, and fits its schema.</summary>
public sealed class DocumentedAnswersTests
{
    private const string Model = "demo/echo:free";

    /// <summary>
    /// A client library cannot send a body too slowly and read the answer: <see cref="RefusalHelpTests"/> sends one by
    /// hand, and all operations with a body read it in the same way.
    /// </summary>
    private const string ByHand = "408";

    /// <summary>A webhook that nobody listens to.</summary>
    private const string Hook = """{"url":"https://127.0.0.1:1/hook"}""";

    public static TheoryData<string> Statuses =>
    [
        .. ServedDocument.Operations.SelectMany(operation => operation.Statuses).Distinct().Where(each => each != ByHand)
            .Order(),
    ];

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Status_OfTheDocument_IsProducedByEveryOperationThatHasIt(string status)
    {
        await using var situation = await Situation.StartAsync(status);
        var documented = ServedDocument.Operations.Where(operation => operation.Statuses.Contains(status)).ToList();

        // What is taken away is no longer there for the others. Where storage is out of reach nothing changes, and all wait for it side by side.
        await Parallel.ForEachAsync(
            documented.OrderBy(operation => operation.Method is "DELETE"),
            new ParallelOptions { MaxDegreeOfParallelism = status is "503" ? 8 : 1 },
            async (operation, _) => await situation.ProduceAsync(operation));

        documented.Select(operation => $"{status} {operation.Method} {operation.Path}").Except(situation.Gateway.Seen).ShouldBeEmpty();
    }

    /// <summary>A gateway in the state in which a status comes about.</summary>
    private sealed class Situation(string status, FaultyTransport storage) : IAsyncDisposable
    {
        private LoopbackGate? _gate;
        private bool _broken;
        private string _invitation = "";
        private string _record = "019e7480d2a07c7f9b1e5a3c4d5e6f70";

        public TestGateway Gateway { get; private set; } = null!;

        public static async Task<Situation> StartAsync(string status)
        {
            var situation = new Situation(status, new FaultyTransport(1, FaultRates.None));
            situation.Gateway = await TestGateway.StartAsync(
                situation.Script,
                new Dictionary<string, string?>(Priced)
                {
                    [TestGateway.UpstreamUrl] = status is "502" ? TestGateway.UnreachableAddress : TestGateway.LoopbackAddress,
                    ["Freeway:MaxRequestBytes"] = status is "413" ? "1024" : "100000",
                    ["Freeway:MaxUploadBytes"] = status is "413" ? "1024" : "100000",
                    ["Freeway:MaxHeaderBytes"] = status is "431" ? "1024" : "32768",
                    ["Freeway:Ledger:ReserveDeadline"] = status is "503" ? "00:00:01" : "00:00:08",
                    ["Freeway:Upstream:FirstByte"] = "00:00:10",
                    ["Freeway:Relay:Heartbeat"] = "00:00:30",
                    ["Freeway:SignUp:TermsVersion"] = "2026-11",
                    ["Freeway:SignUp:PerDay"] = "1",
                },
                services: services =>
                {
                    services.AddSingleton<HttpPipelineTransport>(situation.Storage);
                    BreakablePort.Wrap<IKeyStore>(services, () => situation._broken);
                    BreakablePort.Wrap<IOrgStore>(services, () => situation._broken);
                    BreakablePort.Wrap<IEndUserSaltStore>(services, () => situation._broken);
                    BreakablePort.Wrap<IDocumentStore>(services, () => situation._broken);
                    BreakablePort.Wrap<IAuditLog>(services, () => situation._broken);
                    BreakablePort.Wrap<ILedgerStore>(services, () => situation._broken);
                    BreakablePort.Wrap<INoticeStore>(services, () => situation._broken);
                    BreakablePort.Wrap<IResetLog>(services, () => situation._broken);
                    BreakablePort.Wrap<IDeadLetters>(services, () => situation._broken);
                    BreakablePort.Wrap<IUpstreamDirectory>(services, () => situation._broken);
                },
                signUp: status is not "404");
            await situation.PrepareAsync();
            return situation;
        }

        /// <summary>The model of the examples, whatever it is asked for has a price.</summary>
        private static Dictionary<string, string?> Priced => TestCatalogue.Settings(new
        {
            presets = new[] { "fastrouter" },
            upstreams = new
            {
                loopback = new
                {
                    base_url = "http://127.0.0.1:1/v1",
                    models_path = "models",
                    key_path = "key",
                    limits = new[] { new { name = "a-day", unit = "requests", amount = 1000, window = "day", scope = "upstream" } },
                },
                spare = new { base_url = "http://127.0.0.1:1/v1" },
            },
            plans = new { spare = new { limits = new[] { new { name = "daily", unit = "requests", amount = 1, window = "day", scope = "org" } } } },
            models = new[] { TestCatalogue.Model("demo/spare"), TestCatalogue.Model("demo/echo", new { usd_per_image = 0.01, usd_per_million_characters = 10, usd_per_audio_minute = 0.01, free = new { enabled = true, plan = "fastrouter-free" } }) },
        });

        private FaultyTransport Storage => storage;

        public async Task ProduceAsync(DocumentedOperation operation)
        {
            if (status is "429" && operation.IsOfSignUp)
            {
                await Gateway.SignInAsync("ada@example.com");
                (await Gateway.SignInAsync("bert@example.com")).Status.ShouldBe(429);
                return;
            }

            using var client = await ClientAsync(operation);
            if (status is "409" && (operation.IsForOperator || operation.IsOfSignUp))
            {
                await ReuseAsync(client, operation);
                return;
            }

            if (status is "409")
            {
                await RepeatAsync(client, operation);
                return;
            }

            if (status is "503" && operation.IsForOperator)
            {
                // Whoever's key is not in the settings must be looked up first.
                using var stored = Gateway.Client(KeySecret.Create(KeyType.Management));
                using var refused = await stored.SendAsync(Request(operation));
            }

            if (status is "504")
            {
                _gate = new LoopbackGate();
            }

            var asked = client.SendAsync(Request(operation));
            if (status is "504")
            {
                await _gate!.ArrivalAsync();
                Gateway.Clock.MoveOn(TimeSpan.FromSeconds(11));
            }

            using var response = await asked;
            if (status is "304")
            {
                client.DefaultRequestHeaders.IfNoneMatch.Add(response.Headers.ETag!);
                using var again = await client.SendAsync(Request(operation));
            }
        }

        public async ValueTask DisposeAsync()
        {
            storage.Down = false;
            await Gateway.DisposeAsync();
            storage.Dispose();
        }

        private LoopbackScript? Script(LoopbackRequest request) => status switch
        {
            "4XX" => new LoopbackScript { Error = 422 },
            "409" or "504" => new LoopbackScript { Gate = _gate, HoldAfter = LoopbackScript.BeforeHeaders },
            _ => null,
        };

        private async Task PrepareAsync()
        {
            if (status is not ("201" or "404"))
            {
                await MakeAsync("api/v1/admin/orgs", """{"id":"acme"}""");
                await MakeAsync("api/v1/admin/orgs/acme/keys", """{"id":"robot"}""");
                await MakeAsync("api/v1/admin/catalogue/activations", """{"version":1,"at":"2027-01-01T00:00:00Z"}""");
                await MakeAsync("api/v1/admin/management-keys", """{"id":"billing-desk","scopes":["billing"]}""");
                // The secret that it is signed with would be remembered, and then no outage shows.
                if (status is not ("500" or "503"))
                {
                    await MakeAsync("api/v1/admin/invitations", """{"id":"ada"}""");
                }

                await MakeAsync("api/v1/admin/webhook", Hook, "PUT");
                await MakeAsync("api/v1/admin/orgs/acme/webhook", Hook, "PUT");
            }

            switch (status)
            {
                case "200":
                    _invitation = await Gateway.InviteAsync();
                    // A paid one: the ten free ones are for the surfaces.
                    using (await Gateway.ChatAsync("demo/echo"))
                    {
                        _record = (await Gateway.ActivityAsync(1))[0].GetProperty("id").GetString()!;
                    }

                    break;
                case "429":
                    await Gateway.SpendAsync(Model);
                    break;
                case "500":
                    _broken = true;
                    break;
                case "503":
                    storage.Down = true;
                    break;
            }
        }

        /// <summary>What the examples speak of.</summary>
        private async Task MakeAsync(string path, string body, string method = "POST")
        {
            using var admin = new HttpClient(new SocketsHttpHandler(), disposeHandler: true)
            {
                BaseAddress = Gateway.Host.Url,
                DefaultRequestHeaders = { Authorization = new("Bearer", Gateway.Host.AdminKey) },
            };
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using var made = await admin.SendAsync(request);
            // Where headers or bodies must be small, ours may be too large already.
            if (status is not ("413" or "431"))
            {
                made.EnsureSuccessStatusCode();
            }
        }

        /// <summary>Two under one <c>Idempotency-Key</c> that differ.</summary>
        private async Task ReuseAsync(HttpClient client, DocumentedOperation operation)
        {
            using var first = await client.SendAsync(Request(operation));
            using var other = Request(operation);
            other.Content = new StringContent((operation.Example ?? "") + " ", Encoding.UTF8, "application/json");
            using var second = await client.SendAsync(other);
        }

        /// <summary>Two of the same: the second comes while the first is under way.</summary>
        private async Task RepeatAsync(HttpClient client, DocumentedOperation operation)
        {
            _gate = new LoopbackGate();
            client.DefaultRequestHeaders.Add("Idempotency-Key", operation.Path);
            var first = client.SendAsync(Request(operation));
            await _gate.ArrivalAsync();
            using var second = await client.SendAsync(Request(operation));
            _gate.Open();
            using var answered = await first;
        }

        private async Task<HttpClient> ClientAsync(DocumentedOperation operation) => status switch
        {
            "401" => Gateway.Client(null),
            "402" => await Gateway.NewCallerAsync(new Org("poor", "Poor")),
            "403" => Gateway.Client(await Gateway.NewKeyAsync("closed", disabled: true)),
            "404" when operation.IsOfSignUp => Gateway.Client(await ManagerAsync()),
            "200" or "201" or "204" or "400" or "409" when operation.IsOfSignUp => await PersonAsync(),
            _ => Gateway.Client(operation.IsForOperator ? Gateway.Host.AdminKey : Gateway.Host.ApiKey),
        };

        /// <summary>Somebody who was invited, and has a key.</summary>
        private async Task<HttpClient> PersonAsync()
        {
            var person = Gateway.Client((await Gateway.InvitedAsync()).GetProperty("secret").GetString());
            if (status is "204")
            {
                (await SignUpCalls.SendAsync(person, "api/v1/keys", new { id = "robot" })).Status.ShouldBe(201);
            }

            return person;
        }

        /// <summary>A key that manages keys, where sign-up is off.</summary>
        private async Task<string> ManagerAsync()
        {
            var secret = KeySecret.Create();
            await Gateway.Host.Services.GetRequiredService<IKeyStore>().SaveAsync(
                KeyHash.Of(secret), new Caller(new Org("u-1", "One"), new ApiKey("sign-in", "u-1", "One") { ManagesKeys = true }), default);
            return secret;
        }

        private HttpRequestMessage Request(DocumentedOperation operation)
        {
            var slug = status switch { "404" => "nobody", "400" => "demo/echo:free:flex", _ => "demo/echo" };
            var path = operation.Path.Replace("{slug}", slug, StringComparison.Ordinal).Replace("{name}", Named(operation), StringComparison.Ordinal).Replace("{number}", status is "404" ? "99" : "1", StringComparison.Ordinal).Replace("{model}", Named(operation), StringComparison.Ordinal).Replace("{id}", _record, StringComparison.Ordinal)
                .Replace("{file}", status is "404" ? "nobody" : "licences.txt", StringComparison.Ordinal)
                .Replace("{invitation}", status is "404" ? "nobody" : "ada", StringComparison.Ordinal)
                .Replace("{org}", status is "404" ? "nobody" : "acme", StringComparison.Ordinal)
                .Replace("{key}", status is "404" ? "nobody" : operation.Path.Contains("/management-keys/", StringComparison.Ordinal) ? "billing-desk" : "robot", StringComparison.Ordinal)
                .TrimStart('/') + Query(operation);
            var request = new HttpRequestMessage(new HttpMethod(operation.Method), path) { Content = operation.TakesForm ? Form() : operation.Example is { } example ? Json(example) : null };
            if (status is "403" && operation.IsOfSignUp)
            {
                request.Headers.Add("Origin", "https://elsewhere.example");
            }

            if ((operation.IsForOperator || (operation.IsOfSignUp && status is "409")) && operation.Method is not "GET")
            {
                // One of 201 characters is wrong also where there is no body that could be.
                request.Headers.Add("Idempotency-Key", status is "400" && operation.Example is null ? new string('x', 201) : $"{status} {operation.Method} {operation.Path}");
                request.Content ??= status is "413" ? new StringContent(new string(' ', 2000)) : null;
            }

            if (status is "412")
            {
                request.Headers.Add("If-Match", "\"another\"");
            }

            if (status is "431")
            {
                request.Headers.Add("x-padding", new string('a', 2000));
            }

            return request;
        }

        private string Query(DocumentedOperation operation) =>
            status is "200" && operation is { Method: "POST", Path: "/api/v1/admin/catalogue/versions" } ? "?dry_run=true"
            : operation.Method is not "GET" ? ""
            : status is "400" ? "?limit=0&days=0"
            : status is "404" ? "?org=nobody"
            : operation.Path is "/api/v1/admin/credits" ? "?org=acme"
            : "";

        private static bool IsOf(DocumentedOperation operation, string entries) => operation.Path.StartsWith($"/api/v1/admin/{entries}/", StringComparison.Ordinal);

        /// <summary>What is taken away is what nothing else needs.</summary>
        private string Named(DocumentedOperation operation) =>
            status is "404" ? "nobody"
            : IsOf(operation, "models") ? operation.Method is "DELETE" ? "demo/spare" : "demo/echo"
            : operation.Method is "DELETE" ? "spare"
            : IsOf(operation, "plans") ? "fastrouter-free" : "loopback";

        private StringContent Json(string example)
        {
            var body = JsonNode.Parse(example)!.AsObject();
            if (body.ContainsKey("model"))
            {
                body["model"] = ModelNamed;
            }

            if (status is "404" && body.ContainsKey("org"))
            {
                body["org"] = "nobody";
            }

            if (status is "404" && body.Remove("all"))
            {
                body["id"] = "nobody";
            }

            if (status is "200" && body.ContainsKey("invitation"))
            {
                body["invitation"] = _invitation;
            }

            if (status is "413")
            {
                body["padding"] = new string('a', 2000);
            }

            return new StringContent(status is "400" ? "{" : body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        private HttpContent Form()
        {
            var form = new MultipartFormDataContent { { new StringContent(ModelNamed), "model" }, { new ByteArrayContent(new byte[2000]), "file", "sound.wav" } };
            return status is "400" ? new StringContent("no form", Encoding.UTF8, "multipart/form-data") : form;
        }

        private string ModelNamed => status switch { "402" => "demo/echo", "404" => "demo/nobody", _ => Model };
    }
}
