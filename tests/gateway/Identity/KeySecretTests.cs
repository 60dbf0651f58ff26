using System.Text.RegularExpressions;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Tests.Identity;

public sealed class KeySecretTests
{
    [Theory]
    [InlineData(KeyType.Api, "fwk_")]
    [InlineData(KeyType.Management, "fwm_")]
    public void Create_ManySecrets_AreDifferentSayWhatTheyAreForAndAreFoundByTheScannersPattern(KeyType type, string prefix)
    {
        var secrets = Enumerable.Range(0, 1000).Select(_ => KeySecret.Create(type)).ToList();

        secrets.Distinct().Count().ShouldBe(1000);
        secrets.ShouldAllBe(secret => secret.StartsWith(prefix) && Regex.IsMatch(secret, $"^{KeySecret.Pattern}$"));
        secrets.ShouldAllBe(secret => KeySecret.TypeOf(secret) == type && !KeySecret.IsMistyped(secret));
        secrets.Select(secret => secret[4..47]).SelectMany(body => body).Distinct().Count().ShouldBe(62, "every digit comes up");
    }

    [Fact]
    public void IsMistyped_OneSignIsAnother_IsTrue()
    {
        var secret = KeySecret.Create();
        for (var index = 4; index < secret.Length; index++)
        {
            KeySecret.IsMistyped(secret[..index] + (secret[index] is 'x' ? 'y' : 'x') + secret[(index + 1)..]).ShouldBeTrue($"at {index}");
        }
    }

    [Fact]
    public void IsMistyped_TheOtherPrefixOrACutOrMore_IsTrue()
    {
        var secret = KeySecret.Create();

        KeySecret.IsMistyped(KeySecret.ManagementPrefix + secret[4..]).ShouldBeTrue("the checksum is of the prefix too");
        KeySecret.IsMistyped(secret[..^1]).ShouldBeTrue();
        KeySecret.IsMistyped(secret + "a").ShouldBeTrue();
        KeySecret.IsMistyped("fwk_").ShouldBeTrue();
    }

    [Theory]
    [InlineData("fw-U29tZXRoaW5nIG9sZA")]
    [InlineData("4f7d0c")]
    public void TypeOf_ASecretOfAnotherForm_IsNotTold(string secret)
    {
        KeySecret.TypeOf(secret).ShouldBeNull();
        KeySecret.IsMistyped(secret).ShouldBeFalse();
    }

    [Fact]
    public void Checksum_OfAKnownSecret_IsItsCrc32C() =>
        KeySecret.IsMistyped("fwk_" + new string('0', 43) + "41yraP").ShouldBeFalse();
}
