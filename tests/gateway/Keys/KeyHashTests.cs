using Freeway.Gateway.Keys;

namespace Freeway.Gateway.Tests.Keys;

public sealed class KeyHashTests
{
    [Fact]
    public void Of_AKnownSecret_IsItsSha256() =>
        KeyHash.Of("abc").ToString().ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Fact]
    public void Of_SecretsThatDifferInCase_AreDifferent() => KeyHash.Of("fw-A").ShouldNotBe(KeyHash.Of("fw-a"));

    [Fact]
    public void Create_ManySecrets_AreDifferentAndFitForAHeader()
    {
        var secrets = Enumerable.Range(0, 1000).Select(_ => KeySecret.Create()).ToList();

        secrets.Distinct().Count().ShouldBe(1000);
        secrets.ShouldAllBe(secret => secret.StartsWith("fw-") && secret.Length == 46 && secret.All(c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_'));
    }
}
