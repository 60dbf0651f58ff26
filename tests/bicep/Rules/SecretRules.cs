using System.Text.RegularExpressions;
using Freeway.Bicep.Tests.Compiler;

namespace Freeway.Bicep.Tests.Rules;

/// <summary>No account key is ever read, and no secret is written out.</summary>
internal static partial class SecretRules
{
    public static IEnumerable<Finding> Check(Template main) =>
    [
        .. ListCall().Matches(main.Json).Select(call => $"{call.Value}…) reads keys; identities do without.")
            .Select(message => Finding.Policy(PolicyRule.Keys, main.Name, message)),
        .. SecretText().Matches(main.Json).Select(secret => $"A secret is written out: {secret.Value}…")
            .Select(message => Finding.Policy(PolicyRule.Secret, main.Name, message)),
    ];

    /// <summary><c>listKeys(</c> and all the others of its kind.</summary>
    [GeneratedRegex(@"\blist[A-Z]\w*\(")]
    private static partial Regex ListCall();

    [GeneratedRegex(@"AccountKey=|SharedAccessKey=|SharedAccessSignature=|[Pp]assword=|\bsk-[A-Za-z0-9]{8}")]
    private static partial Regex SecretText();
}
