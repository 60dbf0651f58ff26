using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;

namespace Freeway.Gateway.SignUp;

/// <summary>
/// Makes organisations for people, one for each person, and opens their sessions. Each step is one conditional write
/// that a repeat finds done: whatever dies between two of them, the person's next sign-in goes on from there.
/// </summary>
public sealed class Registrations(
    IDocumentStore documents, ISecretStore secrets, DocumentWriter writer, IPlanSource plans, SignedText signed,
    SignUpOptions options, TimeProvider clock)
{
    /// <summary>The id of the key that is a person's session.</summary>
    public const string SessionKey = "sign-in";

    /// <summary>The sessions of one person at a time; the oldest goes.</summary>
    private const int MostSessions = 10;

    private const string AddressPurpose = "address";

    /// <summary>Signs a person in, who becomes the owner of an organisation the first time.</summary>
    /// <param name="terms">The version of the terms that the person accepted just now.</param>
    /// <param name="invitation">The id of the invitation that the person came with; null for none.</param>
    /// <param name="address">The address that the person came from.</param>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public async Task<Result<Session>> SignInAsync(
        Person person, string terms, string? invitation, string address, CancellationToken cancellation)
    {
        if (terms != options.TermsVersion)
        {
            return TermsChanged();
        }

        var known = await documents.FindAsync(Subject.OfOrg(person.OrgId), cancellation);
        if (known is not null && Closed(KeyDocuments.Org(known)) is { } closed)
        {
            return closed;
        }

        var (plan, isInvited) = (options.Plan!, invitation is not null);
        if (invitation is not null)
        {
            if (!(await ClaimAsync(invitation, person, cancellation)).Accepted(out var claimed, out var refusal))
            {
                return refusal;
            }

            plan = claimed.Plan ?? plan;
        }

        if (known is null && await AdmitAsync(person, isInvited, plan, address, cancellation) is { } refused)
        {
            return refused;
        }

        // 3. The organisation.
        var written = await writer.PutAsync(
            AdminCommand.OfFreeway, "org.sign_up", Subject.OfOrg(person.OrgId),
            was => Register(was, person, terms, plan, invitation), cancellation);
        return written.Accepted(out var org, out var conflict)
            ? await OpenAsync(KeyDocuments.Org(org.Document!), person.Issuer is Person.ByInvitation, cancellation)
            : Crowded(conflict);
    }

    /// <summary>Ends the session that a secret opens; the person's other sessions and keys go on.</summary>
    /// <exception cref="IOException">The store is out of reach, or gave no certain answer.</exception>
    public Task<Result<WriteResult>> SignOutAsync(Caller caller, KeyHash secret, CancellationToken cancellation) =>
        writer.ChangeAsync(
            AdminCommand.OfFreeway, "key.sign_out", Subject.OfKey(caller.Org.Id, caller.Key.Id), was =>
            {
                var before = KeyDocuments.Key(was);
                return KeyDocuments.Changed(
                    before, before with { Secrets = [.. before.Secrets.Where(one => one.Hash != secret)] });
            },
            cancellation);

    /// <summary>Refuses a version of the terms that is not the one of now.</summary>
    internal static Refusal TermsChanged() => Refuse.InvalidField(
        "terms", "'terms' must be the version that GET /api/v1/sign-up names: read the terms there and accept them.");

    // 1. The invitation, which belongs to the first who accepts it.
    private async Task<Result<Invitation>> ClaimAsync(string id, Person person, CancellationToken cancellation)
    {
        var written = await writer.ChangeAsync(
            AdminCommand.OfFreeway, "invitation.accept", Subject.OfInvitation(id), was =>
            {
                var before = SignUpDocuments.Invitation(was);
                return before.AcceptedBy == person.OrgId ? (Result<DocumentDraft>?)null
                    : before.AcceptedBy is not null || before.DeletedAt is not null ? InvitationGone()
                    : before.ExpiresAt <= clock.GetUtcNow() ? InvitationGone()
                    : SignUpDocuments.Draft(
                        before, before with { AcceptedBy = person.OrgId, AcceptedAt = clock.GetUtcNow() });
            },
            cancellation);
        return written.Accepted(out var claimed, out var refusal)
            ? SignUpDocuments.Invitation(claimed.Document!)
            : refusal.Code is RefusalCode.NotFound ? InvitationGone() : Crowded(refusal);
    }

    /// <summary>Refuses who may not sign up, or not today; null where the person may.</summary>
    private async Task<Refusal?> AdmitAsync(
        Person person, bool isInvited, string plan, string address, CancellationToken cancellation)
    {
        if ((await plans.TakePlansAsync(cancellation)).Find(plan) is null)
        {
            return Refused($"Sign-up is closed, because there is no plan '{plan}'. Tell the operator of this gateway.");
        }

        if (isInvited)
        {
            return null;
        }

        if (options.InvitationOnly)
        {
            return Refused("Who is new here needs an invitation. Ask the operator of this gateway for one.");
        }

        if (EmailFault(person) is { } fault)
        {
            return fault;
        }

        var hash = await signed.HashAsync(AddressPurpose, address, cancellation);
        return await CountAsync(person, hash, cancellation);
    }

    private Refusal? EmailFault(Person person)
    {
        var blocked = options.BlockedDomains();
        if (blocked.Count is 0)
        {
            return null;
        }

        if (person.VerifiedEmail is not { } email)
        {
            return Refused(
                "Sign-up needs an e-mail address that the provider has verified. Verify yours there, then sign in "
                + "again.");
        }

        var domain = email[(email.LastIndexOf('@') + 1)..].TrimEnd('.').ToLowerInvariant();
        return blocked.Any(one => domain == one || domain.EndsWith("." + one, StringComparison.Ordinal))
            ? Refused("E-mail addresses of this domain may not sign up. Sign in with another, or ask the operator.")
            : null;
    }

    // 2. A place among the day's sign-ups. A person who has one keeps it, so that a repeat takes no second.
    private async Task<Refusal?> CountAsync(Person person, string address, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var written = await writer.PutAsync(
            AdminCommand.OfFreeway, "sign_ups.add", Subject.OfSignUps(DateOnly.FromDateTime(now.UtcDateTime)), was =>
            {
                var day = SignUpDocuments.Day(was);
                return day.People.ContainsKey(person.OrgId) ? (Result<DocumentDraft>?)null
                    : day.People.Count >= options.PerDay
                        ? LimitReached("As many people have signed up today as may", now)
                    : day.People.Values.Count(from => from == address) >= options.PerAddressPerDay
                        ? LimitReached("As many people have signed up from your address today as may", now)
                    : SignUpDocuments.Draft(day, person.OrgId, address);
            },
            cancellation);
        return written.Accepted(out _, out var refusal) ? null : Crowded(refusal);
    }

    private Result<DocumentDraft>? Register(
        Document? document, Person person, string terms, string plan, string? invitation)
    {
        var now = clock.GetUtcNow();
        if (document is null)
        {
            var signUp = new OrgSignUp(terms, now) { Issuer = Issuer(person), Invitation = invitation };
            return KeyDocuments.Draft(null, new Org(person.OrgId, person.Name ?? person.VerifiedEmail ?? person.OrgId)
            {
                Plan = plan,
                SignUp = signUp,
                CreatedAt = now,
            });
        }

        var was = KeyDocuments.Org(document);
        var before = was.SignUp ?? new OrgSignUp("", now) { Issuer = Issuer(person) };
        // An invitation gives its plan once: what an operator sets later stays.
        var isNew = invitation is not null && before.Invitation != invitation;
        if (before.Terms == terms && !isNew)
        {
            return null;
        }

        return KeyDocuments.Draft(was, was with
        {
            Plan = isNew ? plan : was.Plan,
            SignUp = before with
            {
                Terms = terms,
                AcceptedAt = before.Terms == terms ? before.AcceptedAt : now,
                Invitation = isNew ? invitation : before.Invitation,
            },
        });
    }

    // 4. The session. Who came by an invitation alone can come once: the link is all that there is to know them by.
    private async Task<Result<Session>> OpenAsync(Org org, bool once, CancellationToken cancellation)
    {
        if (Closed(org) is { } closed)
        {
            return closed;
        }

        var now = clock.GetUtcNow();
        var (secret, end) = (KeySecret.Create(), now.AddHours(options.SessionHours));
        var (subject, mine) = (Subject.OfKey(org.Id, SessionKey), new StoredSecret(KeyHash.Of(secret), end));
        await secrets.SaveAsync(mine.Hash, subject, cancellation);
        var written = await writer.PutAsync(AdminCommand.OfFreeway, "key.sign_in", subject, document =>
        {
            if (document is null)
            {
                return KeyDocuments.Draft(null, new KeyDocument(
                    new ApiKey(SessionKey, org.Id, "Signed in")
                    {
                        ManagesKeys = true,
                        CreatedAt = now,
                        CreatedBy = Operator.Freeway.Id,
                    },
                    [mine]));
            }

            var was = KeyDocuments.Key(document);
            if (once)
            {
                return InvitationGone();
            }

            if (was.Key.DeletedAt is not null)
            {
                return Refused("The operator of this gateway has ended your sign-in. Ask there.");
            }

            var others = was.Secrets.Where(one => !(one.EndsAt <= now))
                .OrderByDescending(one => one.EndsAt ?? DateTimeOffset.MaxValue);
            return KeyDocuments.Draft(was, was with { Secrets = [mine, .. others.Take(MostSessions - 1)] });
        }, cancellation);
        return written.Accepted(out _, out var refusal) ? new Session(org, secret, end) : Crowded(refusal);
    }

    private static string? Issuer(Person person) => person.Issuer is Person.ByInvitation ? null : person.Issuer;

    private static Refusal? Closed(Org org) =>
        org.DeletedAt is not null
            ? Refused("Your organisation was taken away here. Ask the operator of this gateway.")
            : org.Disabled ? Refuse.OrgDisabled() : null;

    private static Refusal Refused(string message) => new(RefusalCode.SignUpRefused, message);

    /// <summary>Says of a race that was lost again and again that the same may succeed in a moment.</summary>
    private static Refusal Crowded(Refusal refusal) =>
        refusal.Code is RefusalCode.Conflict ? Refuse.StorageUnavailable() : refusal;

    private static Refusal InvitationGone() =>
        Refused("This invitation was accepted already, has ended or was taken back. Ask for another.");

    private static Refusal LimitReached(string what, DateTimeOffset now)
    {
        var midnight = new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        return new(
            RefusalCode.SignUpLimitReached,
            $"{what}. Come back after {midnight:yyyy-MM-dd} 00:00 UTC, or ask the operator for an invitation.")
        {
            RetryAfter = midnight - now,
        };
    }
}

/// <summary>A session that was opened.</summary>
/// <param name="Secret">Opens it, as an API key that may manage the keys of the organisation.</param>
/// <param name="EndsAt">When it stops working.</param>
public sealed record Session(Org Org, string Secret, DateTimeOffset EndsAt);
