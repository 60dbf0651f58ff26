using Microsoft.Extensions.Configuration;

namespace Freeway.Adapters.Tables;

/// <summary>The tables of one deployment. A prefix lets several share a storage account.</summary>
public sealed record TableNames
{
    /// <summary>The setting with the prefix.</summary>
    public const string PrefixSetting = "Freeway:TablePrefix";

    private const int MaxPrefix = 40;

    /// <param name="prefix">Letters and digits, a letter first, 40 at most; empty for none.</param>
    /// <exception cref="ArgumentException">The prefix cannot begin a table's name.</exception>
    public TableNames(string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length > MaxPrefix || !prefix.All(char.IsAsciiLetterOrDigit) || (prefix.Length > 0 && !char.IsAsciiLetter(prefix[0])))
        {
            throw new ArgumentException(
                $"{PrefixSetting} is '{prefix}'; it must be letters and digits, a letter first, {MaxPrefix} at most.", nameof(prefix));
        }

        Prefix = prefix;
    }

    public string Prefix { get; }

    /// <summary>Accounts, quota entities and request rows; one partition per org.</summary>
    public string Ledger => Prefix + "ledger";

    /// <summary>
    /// Gets the table that says which instance has open reservations for which org, with the instances' heartbeats.
    /// </summary>
    public string Instances => Prefix + "instances";

    /// <summary>Orgs and API keys.</summary>
    public string Keys => Prefix + "keys";

    /// <summary>Activity records and the running sums of their days; one partition per org and month.</summary>
    public string Activity => Prefix + "activity";

    /// <summary>Final sums of closed days; one partition per org.</summary>
    public string Usage => Prefix + "usage";

    /// <summary>The versions of the catalogue and their contents.</summary>
    public string Catalogue => Prefix + "catalogue";

    /// <summary>One row per closed day.</summary>
    public string Resets => Prefix + "resets";

    /// <summary>Notices that wait for their receivers, and those that are over.</summary>
    public string Notices => Prefix + "notices";

    /// <summary>Answers that callers have asked to be stored, encrypted; one partition per API key.</summary>
    public string Responses => Prefix + "responses";

    public static TableNames From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new(configuration[PrefixSetting] ?? "");
    }
}
