using System.ComponentModel;
using AgentSentinel.Service.Options;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension;

/// <summary>Where suspension orders are sent, how they are signed, and how long they are tried.</summary>
public sealed record WebhookOptions : IValidatedOptions
{
    /// <summary>Most secrets in use at once; a rotation needs two.</summary>
    internal const int MaxSecrets = 8;

    internal const string SuspensionIdPlaceholder = "{suspension_id}";

    [Description("Where suspension orders are posted. https, or http to loopback with AllowPrivateTargets. Empty: no webhooks are sent.")]
    public string? Url { get; init; }

    [Description("Where the state of a suspension is read back after its webhook was accepted, with {suspension_id} in it: answers {\"state\":\"suspended\"} or {\"state\":\"active\"}. Empty: what the webhook led to cannot be verified.")]
    public string? StatusUrl { get; init; }

    [Description("Signing secrets, whsec_<base64> of 24 to 64 bytes, the newest first. Every request is signed with all of them, so that a receiver can change over.")]
    [PasswordPropertyText(true)]
    public string[] Secrets { get; init; } = [];

    [Description("Files that hold one signing secret each, used after those in Secrets. Read at start.")]
    public string[] SecretFiles { get; init; } = [];

    [Description("How long one attempt may take, from connecting to the response's status.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    [Description("Wait before each attempt: the first must be 0, since an order is sent at once; the last one repeats. Up to a tenth is added, so that retries spread.")]
    public TimeSpan[] RetrySchedule { get; init; } =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5),
    ];

    [Description("How long after its first attempt an order is given up as undeliverable. A last attempt is made at that moment.")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(1);

    [Description("After how many failed attempts of one order people are alerted. Attempts go on.")]
    public int EscalateAfterFailures { get; init; } = 3;

    [Description("Whether the target may lie in a private, shared, link-local or loopback network. Cloud metadata and multicast addresses are refused even then.")]
    public bool AllowPrivateTargets { get; init; }

    [Description("How long an order is kept after its outcome was reported; undeliverable ones can be retried by hand until then.")]
    public TimeSpan KeepReported { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Everything that is wrong, in words an operator can act on; empty when the section can be used. Reads the secret files; never repeats a secret.</summary>
    public IEnumerable<string> Validate()
    {
        var errors = new List<string>();
        ValidateUrl(errors);
        var secrets = ReadSecrets(errors);
        if (Url is not null && secrets.Count == 0 && Secrets.Length + SecretFiles.Length == 0)
        {
            errors.Add("Secrets: at least one is needed to sign the webhooks sent to Url.");
        }

        if (Secrets.Length + SecretFiles.Length > MaxSecrets)
        {
            errors.Add($"Secrets: {Secrets.Length + SecretFiles.Length} in Secrets and SecretFiles together; at most {MaxSecrets} are allowed.");
        }

        ValidateTimes(errors);
        return errors;
    }

    /// <summary>The secrets in signing order. Throws what <see cref="Validate"/> would have said.</summary>
    internal IReadOnlyList<WebhookSecret> ReadSecrets()
    {
        var errors = new List<string>();
        var secrets = ReadSecrets(errors);
        return errors.Count == 0 ? secrets : throw new InvalidOperationException(string.Join(" ", errors));
    }

    private void ValidateUrl(List<string> errors)
    {
        if (StatusUrl is not null)
        {
            errors.AddRange(TargetUrl.Errors(nameof(StatusUrl), StatusUrl, AllowPrivateTargets));
            if (!StatusUrl.Contains(SuspensionIdPlaceholder, StringComparison.Ordinal))
            {
                errors.Add($"StatusUrl: must contain {SuspensionIdPlaceholder}.");
            }
        }

        if (Url is null)
        {
            return;
        }

        errors.AddRange(TargetUrl.Errors(nameof(Url), Url, AllowPrivateTargets));
    }

    private List<WebhookSecret> ReadSecrets(List<string> errors)
    {
        var secrets = new List<WebhookSecret>();
        for (var i = 0; i < Secrets.Length; i++)
        {
            Add(Secrets[i], $"Secrets[{i}]");
        }

        for (var i = 0; i < SecretFiles.Length; i++)
        {
            if (SecretFile.TryRead(SecretFiles[i], out var text, out var error))
            {
                Add(text, $"SecretFiles[{i}]");
            }
            else
            {
                errors.Add($"SecretFiles[{i}]: {error}.");
            }
        }

        return secrets;

        void Add(string text, string where)
        {
            if (WebhookSecret.TryParse(text, out var secret, out var error))
            {
                secrets.Add(secret);
            }
            else
            {
                errors.Add($"{where}: the secret {error}.");
            }
        }
    }

    private void ValidateTimes(List<string> errors)
    {
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5))
        {
            errors.Add("Timeout: must be more than 0 and at most 5 minutes.");
        }

        if (RetrySchedule.Length == 0 || RetrySchedule[0] != TimeSpan.Zero)
        {
            errors.Add("RetrySchedule: must begin with 0; an order is sent at once.");
        }

        if (RetrySchedule.Any(wait => wait < TimeSpan.Zero || wait > TimeSpan.FromDays(1)))
        {
            errors.Add("RetrySchedule: every wait must lie between 0 and 1 day.");
        }

        if (RetrySchedule.Length > 0 && RetrySchedule[^1] < TimeSpan.FromSeconds(1))
        {
            errors.Add("RetrySchedule: the last wait repeats and must be at least 1 second.");
        }

        if (GiveUpAfter <= TimeSpan.Zero || GiveUpAfter > TimeSpan.FromDays(30))
        {
            errors.Add("GiveUpAfter: must be more than 0 and at most 30 days.");
        }

        if (EscalateAfterFailures < 1)
        {
            errors.Add("EscalateAfterFailures: must be at least 1.");
        }

        if (KeepReported < TimeSpan.Zero || KeepReported > TimeSpan.FromDays(3650))
        {
            errors.Add("KeepReported: must lie between 0 and 10 years.");
        }
    }
}
