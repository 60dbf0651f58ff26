using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Tests.Identity;

public sealed class KeyHashTests
{
    [Fact]
    public void Of_AKnownSecret_IsItsSha256() =>
        KeyHash.Of("abc").ToString().ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Fact]
    public void Of_SecretsThatDifferInCase_AreDifferent() => KeyHash.Of("fw-A").ShouldNotBe(KeyHash.Of("fw-a"));
}
