using System.Text;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Freeway.Adapters.Catalogue;
using Freeway.Adapters.Identity;
using Freeway.Adapters.Tables;
using Freeway.Adapters.Tests.Upstreams;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging;

namespace Freeway.Adapters.Tests.Catalogue;

/// <summary>What one process has of the catalogue: the file that it was started with, and the store that it shares.</summary>
internal sealed class CatalogueProcess : IDisposable
{
    private readonly ILoggerFactory _loggers;

    /// <param name="amount">Of the one limit: it tells catalogues apart.</param>
    /// <param name="settings">Names of settings that are set.</param>
    public CatalogueProcess(
        AzuriteFixture azurite, TableNames names, int amount, TimeProvider? clock = null, HttpPipelineTransport? transport = null, params string[] settings)
    {
        clock ??= TimeProvider.System;
        var storage = azurite.Account(names, transport);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(Log));
        Loader = new CatalogueLoader(name => settings.Contains(name) ? "1" : null);
        var bundle = Bundle(amount);
        File = new FileCatalogue(bundle, Loader.Load(bundle, out var errors)!, _ => null, []);
        errors.ShouldBeEmpty();
        Archive = new TableCatalogueArchive(storage);
        var documents = new TableDocumentStore(storage, new Backoff(TimeProvider.System, new Random(1)));
        Register = new CatalogueRegister(documents, new DocumentWriter(documents, new IdSource(clock), clock), Archive, clock);
        var seed = new CatalogueSeed(Register, File, clock, _loggers.CreateLogger<CatalogueSeed>());
        Source = new VersionedCatalogue(Register, new CatalogueContents(Archive, File), seed, Loader, File, clock, _loggers.CreateLogger<VersionedCatalogue>());
        Current = new CurrentCatalogue(Source, clock);
    }

    public LogCollector Log { get; } = new();

    public CatalogueLoader Loader { get; }

    public FileCatalogue File { get; }

    public TableCatalogueArchive Archive { get; }

    public CatalogueRegister Register { get; }

    public VersionedCatalogue Source { get; }

    public CurrentCatalogue Current { get; }

    public static CatalogueBundle Bundle(int amount, string? keySetting = null, string? filler = null)
    {
        var catalogue = (JsonObject)JsonNode.Parse($$"""
            {
              "version": 1,
              "description": "{{filler}}",
              "upstreams": { "one": { "base_url": "https://one.example/v1" } },
              "plans": { "free": { "limits": [ { "name": "daily", "unit": "requests", "amount": {{amount}}, "window": "day", "scope": "org" } ] } },
              "models": [ { "id": "m", "context_length": 10, "usd_per_million_tokens": { "input": 0, "output": 0 }, "free": { "enabled": true, "plan": "free" },
                            "routes": [ { "upstream": "one", "model": "m" } ] } ]
            }
            """)!;
        if (keySetting is not null)
        {
            catalogue["plans"]!["free"]!["limits"]![0]!.AsObject().Remove("amount");
            catalogue["plans"]!["free"]!["limits"]![0]!["amount_setting"] = keySetting;
        }

        return CatalogueBundle.Gather(Encoding.UTF8.GetBytes(catalogue.ToJsonString()), _ => null);
    }

    /// <summary>The limit's amount as this process would serve a request now; null where it has no catalogue.</summary>
    public async Task<long?> AmountAsync() => (await Current.TakeAsync(CancellationToken.None)).Accepted(out var catalogue, out _) ? Amount(catalogue) : null;

    /// <summary>The same after a look.</summary>
    public async Task<long?> LookAsync()
    {
        await Current.RefreshAnewAsync(CancellationToken.None);
        return await AmountAsync();
    }

    /// <summary>Activates a version as an operator does, now or at a time.</summary>
    public async Task<CatalogueVersion> ChooseAsync(CatalogueBundle content, DateTimeOffset? at = null)
    {
        CatalogueVersion? version = null;
        (await Register.ChangeAsync(AdminCommand.OfFreeway, "test.activate", async head =>
        {
            version = await Register.VersionOfAsync(head, content, "operator", CatalogueSource.Api, null, CancellationToken.None);
            var latest = version.Number > head!.Latest.Number ? version : head.Latest;
            return new HeadDraft(
                at is { } time ? head with { Latest = latest, Scheduled = new CatalogueSchedule(version, time, "operator") } : head with { Active = version, Latest = latest, FollowsFiles = false },
                null, null);
        }, CancellationToken.None)).Accepted(out _, out var refusal).ShouldBeTrue(refusal?.Message);
        return version!;
    }

    public async Task<CatalogueHead?> HeadAsync() => (await Register.ReadAsync(CancellationToken.None))?.Head;

    public async Task<IReadOnlyList<CatalogueVersion>> VersionsAsync() =>
        await Register.ListAsync((await HeadAsync())!, int.MaxValue, 1000, CancellationToken.None);

    public void Dispose() => _loggers.Dispose();

    private static long Amount(CatalogueSnapshot catalogue) => catalogue.Plans.Find("free")!.Limits[0].Limit.Amount;
}
