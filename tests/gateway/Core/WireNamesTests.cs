using System.Reflection;
using Freeway.Gateway.Api;
using Freeway.Gateway.Catalogue.Edits;
using Freeway.Gateway.Catalogue.Versions;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Ledger;
using Freeway.Gateway.Models;
using Freeway.Gateway.Notices;
using Freeway.Gateway.Operations.Reconciliation;
using Freeway.Gateway.Plans;
using Freeway.Gateway.Upstreams.Routing;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Tests.Core;

public sealed class WireNamesTests
{
    private enum Twins
    {
        One,

        [WireName("one")]
        Other,
    }

    [Fact]
    public void Names_OfEachEnum_AreThoseThatCallersKnow()
    {
        Written<LimitUnit>().ShouldBe(
            "requests, tokens, input_tokens, output_tokens, compute_units, usd, images, characters, seconds, "
            + "concurrent_requests, end_user_rows");
        Written<LimitWindow>().ShouldBe("minute, hour, day, week, month, rolling_30_days, lifetime, none");
        Written<LimitScope>().ShouldBe("org, org_model, key, key_model, model_group, end_user, end_user_model, upstream");
        Written<Overflow>().ShouldBe("reject, next_free, bill");
        Written<Billing>().ShouldBe("free, prepaid, postpaid");
        Written<Dialect>().ShouldBe("openai, apilaplas");
        Written<ResetForm>().ShouldBe("seconds, go_duration, epoch_seconds, epoch_milliseconds");
        Written<AdminScope>().ShouldBe("read, keys, billing, all");
        Written<SubjectKind>().ShouldBe("org, key, management_key, credits, catalogue, books, webhook, invitation, sign_ups");
        Written<Variant>().ShouldBe("none, free, flex");
        Written<UsagePeriod>().ShouldBe("day, month");
        Written<EntryKind>().ShouldBe("model, plan, upstream");
        Written<CatalogueSource>().ShouldBe("file, api");
        Written<BreakerState>().ShouldBe("closed, half_open, open");
        Written<RouteExclusion>().ShouldBe("no_key, incapable, unwanted, no_allowance, parked, broken");
        Written<ParkingReason>().ShouldBe("rate_limited, several_models_rate_limited");
        Written<NoticeType>().ShouldBe(
            "limit.reached, gift.reached, ceiling.reached, credit.low, model.free_ended, upstream.parked, "
            + "upstream.nearly_spent, alarm.raised, webhook.test");
        Written<BookKind>().ShouldBe("sums, closed_day, counter, account");
        Written<CommitVerdict>().ShouldBe("committed, conflict, invalid, not_sent, unknown");
    }

    [Fact]
    public void Names_OfRefusalCodes_AreThoseThatCallersKnow() => WireNames.Of<RefusalCode>().Names.ShouldBe(
    [
        "invalid_json", "invalid_request", "free_slug_not_enabled", "flex_slug_not_enabled", "conflicting_variants",
        "context_length_exceeded", "cap_exceeded", "request_exceeds_limit", "invalid_api_key", "key_disabled", "org_disabled",
        "insufficient_scope", "wrong_key_type", "plan_not_eligible", "model_not_allowed", "insufficient_credits",
        "model_not_found", "not_found",
        "method_not_allowed", "request_timeout", "request_in_progress", "already_completed", "conflict", "precondition_failed",
        "request_too_large", "request_headers_too_large", "free_quota_exceeded", "free_quota_exhausted",
        "rate_limit_exceeded",
        "concurrency_limit_exceeded", "too_many_end_users", "sign_in_failed", "sign_up_refused", "sign_up_limit_reached",
        "identity_provider_unavailable", "upstream_error", "upstream_timeout", "quota_unavailable", "outcome_unknown",
        "storage_unavailable", "overloaded", "shutting_down", "internal_error",
    ]);

    [Fact]
    public void Names_OfEveryEnumOfTheGateway_AreSnakeCaseAndReadBack()
    {
        var enums = typeof(WireNames).Assembly.GetTypes().Where(type => type.IsEnum && type.IsPublic).ToList();
        var check = typeof(WireNamesTests).GetMethod(nameof(ReadsBack), BindingFlags.NonPublic | BindingFlags.Static)!;

        enums.ShouldContain(typeof(Overflow));
        foreach (var type in enums)
        {
            check.MakeGenericMethod(type).Invoke(null, null).ShouldBe(true, type.Name);
        }
    }

    [Fact]
    public void Find_ASpellingOfAnEarlierVersion_IsStillRead()
    {
        WireNames.Of<Overflow>().Find("next-free").ShouldBe(Overflow.NextFree);
        WireNames.Of<LimitWindow>().Find("rolling-30-days").ShouldBe(LimitWindow.Rolling30Days);
        WireNames.Of<LimitWindow>().Find("rolling30_days").ShouldBe(LimitWindow.Rolling30Days);
        WireNames.Of<LimitScope>().Find("org+model").ShouldBe(LimitScope.OrgModel);
        WireNames.Of<LimitScope>().Find("key+model").ShouldBe(LimitScope.KeyModel);
        WireNames.Of<LimitScope>().Find("model-group").ShouldBe(LimitScope.ModelGroup);
        WireNames.Of<LimitScope>().Find("end-user").ShouldBe(LimitScope.EndUser);
        WireNames.Of<LimitScope>().Find("end-user+model").ShouldBe(LimitScope.EndUserModel);
        WireNames.Of<LimitScope>().Find("end_user+model").ShouldBe(LimitScope.EndUserModel);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NextFree")]
    [InlineData("next free")]
    [InlineData("1")]
    public void Find_WhatIsNoName_IsNull(string name) => WireNames.Of<Overflow>().Find(name).ShouldBeNull();

    [Fact]
    public void Only_SomeMembers_KnowsTheOthersNoMore()
    {
        LimitNames.KeyScopes.Names.ShouldBe(["key", "key_model"]);
        LimitNames.KeyScopes.Find("org").ShouldBeNull();
        LimitNames.Units.Find("end_user_rows").ShouldBeNull();
        LimitNames.Windows.Find("none").ShouldBeNull();
        LimitNames.Windows.Find("rolling-30-days").ShouldBe(LimitWindow.Rolling30Days);
    }

    [Fact]
    public void Of_TwoMembersOfOneName_FailsAtStart() =>
        Should.Throw<TypeInitializationException>(() => WireNames.Of<Twins>())
            .InnerException.ShouldBeOfType<ArgumentException>();

    private static string Written<T>()
        where T : struct, Enum => WireNames.Of<T>().ToString();

    private static bool ReadsBack<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().All(member => WireNames.Of<T>().Find(member.WireName())!.Value.Equals(member))
        && WireNames.Of<T>().Names.All(name => name.All(sign => IsOfSnakeCase(sign) || (IsOfEvents<T>() && sign is '.')));

    /// <summary>Types of notices are named as webhooks' events are elsewhere: what it is about, a dot, what came.</summary>
    private static bool IsOfEvents<T>() => typeof(T) == typeof(NoticeType);

    private static bool IsOfSnakeCase(char sign) =>
        char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign is '_';
}
