using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.Api;

/// <summary>Shows the operator what an organisation sees of its own requests, usage, refusals and quota.</summary>
public sealed class OrgUsageQueries(
    IOrgStore orgs, IDocumentStore documents, ActivityQueries activity, UsageQueries usage, RefusalQueries refusals,
    QuotaQueries quota)
{
    /// <exception cref="IOException">The orgs are out of reach.</exception>
    public Task<Result<Listing<ActivityRecord>>> ActivityAsync(
        string org, ActivityQuery query, CancellationToken cancellation) =>
        OfAsync<Listing<ActivityRecord>>(org, known => activity.List(known.Id, query), cancellation);

    /// <exception cref="IOException">The orgs are out of reach.</exception>
    public Task<Result<Listing<UsageLine>>> UsageAsync(string org, UsageQuery query, CancellationToken cancellation) =>
        OfAsync<Listing<UsageLine>>(org, known => usage.List(known.Id, query), cancellation);

    /// <exception cref="IOException">The orgs are out of reach.</exception>
    public Task<Result<Listing<RefusalResponse>>> RefusalsAsync(
        string org, RefusalQuery query, CancellationToken cancellation) =>
        OfAsync<Listing<RefusalResponse>>(org, known => refusals.List(known.Id, query), cancellation);

    /// <summary>
    /// Lists the limits that all keys of the org share, or those that bind one of its keys, its spend ceiling included.
    /// </summary>
    /// <param name="key">The id of that key; null for what all keys share.</param>
    /// <param name="endUser">The id of an end user, or its hash; null leaves out limits that count for each.</param>
    /// <exception cref="IOException">The orgs are out of reach.</exception>
    public async Task<Result<Page<QuotaResponse>>> QuotaAsync(
        string org, string? key, string? endUser, CancellationToken cancellation)
    {
        if (await orgs.FindAsync(org, cancellation) is not { } known)
        {
            return Unknown();
        }

        if (key is not null)
        {
            return await documents.FindAsync(Subject.OfKey(org, key), cancellation) is { } document
                ? await quota.ListAsync(new Caller(known, KeyDocuments.Key(document).Key), endUser, cancellation)
                : Refuse.NotFound("key of this id") with { Param = "key" };
        }

        // Nobody's key: it has no limits of its own.
        var caller = new Caller(known, new ApiKey("", known.Id, ""));
        return (await quota.ListAsync(caller, endUser, cancellation)).Accepted(out var page, out var refusal)
            ? new Page<QuotaResponse>([.. page.Data.Where(limit => LimitNames.KeyScopes.Find(limit.Scope) is null)])
            : refusal;
    }

    private async Task<Result<T>> OfAsync<T>(string org, Func<Org, T> list, CancellationToken cancellation)
        where T : notnull =>
        await orgs.FindAsync(org, cancellation) is { } known ? list(known) : Unknown();

    private static Refusal Unknown() => Refuse.NotFound("organisation of this id") with { Param = "org" };
}
