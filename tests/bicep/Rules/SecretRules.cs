using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>No account key is ever read, and no secret is written out.</summary>
internal static partial class SecretRules
{
    public static IEnumerable<Finding> Check(Template main) =>
    [
        .. ListCall().Matches(main.Json)
            .Select(call => Finding.Policy(PolicyRule.Keys, main.Name, $"{call.Value}…) reads keys; identities do without.")),
        .. SecretText().Matches(main.Json)
            .Select(secret => Finding.Policy(PolicyRule.Secret, main.Name, $"A secret is written out: {secret.Value}…")),
    ];

    /// <summary><c>listKeys(</c> and all the others of its kind.</summary>
    [GeneratedRegex(@"\blist[A-Z]\w*\(")]
    private static partial Regex ListCall();

    [GeneratedRegex(@"AccountKey=|SharedAccessKey=|SharedAccessSignature=|password=|\bsk-[A-Za-z0-9]{8}", RegexOptions.IgnoreCase)]
    private static partial Regex SecretText();
}
