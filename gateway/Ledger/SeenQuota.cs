using Freeway.Gateway.Core;

namespace Freeway.Gateway.Ledger;

/// <summary>A quota row with the moment at which it was last known to be the committed one.</summary>
internal sealed record SeenQuota(QuotaRow Row, Moment At);
