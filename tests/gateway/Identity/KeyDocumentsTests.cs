using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Tests.Identity;

/// <summary>Documents as versions before the one vocabulary stored them: with the members' own names.</summary>
public sealed class KeyDocumentsTests
{
    [Fact]
    public void Org_StoredByAnEarlierVersion_IsRead() =>
        KeyDocuments.Org(Stored(Subject.OfOrg("acme"), """{"id":"acme","name":"Acme","overflow":"NextFree"}"""))
            .Overflow.ShouldBe(Overflow.NextFree);

    [Fact]
    public void Key_StoredByAnEarlierVersion_IsRead()
    {
        var key = KeyDocuments.Key(Stored(Subject.OfKey("acme", "robot"), """
            {"key":{"id":"robot","org_id":"acme","label":"","overflow":"NextFree","hard_refusal":"PaymentRequired",
             "limits":[{"name":"a","unit":"usd","amount":1,"window":"rolling_30_days","scope":"key_model"}]},"secrets":[]}
            """)).Key;

        (key.Overflow, key.HardRefusal).ShouldBe((Overflow.NextFree, HardRefusal.PaymentRequired));
        key.Limits.ShouldBe([new KeyLimit("a", "usd", 1, "rolling_30_days", "key_model")]);
    }

    [Fact]
    public void ManagementKey_StoredByAnEarlierVersion_IsRead() =>
        KeyDocuments.ManagementKey(Stored(Subject.OfManagementKey("desk"), """{"key":{"id":"desk","label":"","scopes":["Read","Billing"]},"secrets":[]}"""))
            .Key.Scopes.ShouldBe([AdminScope.Read, AdminScope.Billing]);

    /// <summary>Instances of two versions run side by side while one is rolled out: both must read what is stored.</summary>
    [Fact]
    public void Draft_OfAnOrg_IsStoredAsEarlierVersionsReadIt() =>
        KeyDocuments.Draft(null, new Org("acme", "Acme") { Overflow = Overflow.NextFree }).Json
            .ShouldContain("\"overflow\":\"NextFree\"");

    private static Document Stored(Subject subject, string json) => new(subject, json, "1");
}
