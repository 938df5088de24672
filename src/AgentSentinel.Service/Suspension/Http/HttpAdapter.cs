using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSentinel.Core.Response;
using AgentSentinel.Service.Outbound;

namespace AgentSentinel.Service.Suspension.Http;

/// <summary>
/// Suspends an identity where it lives, by a template: reads its state and keeps it, changes it, and reads it again. Only what was read the second
/// time says that it is done.
/// </summary>
internal sealed class HttpAdapter : ISuspensionAdapter
{
    private const int MaxStateBytes = 1024 * 1024;

    private readonly HttpAdapterOptions _options;
    private readonly SuspensionTemplate _template;
    private readonly PriorStates _priorStates;
    private readonly TimeProvider _time;
    private readonly OutboundClient _client;
    private readonly AccessTokens _tokens;

    /// <param name="name">See <see cref="ISuspensionAdapter.Name"/>.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="priorStates">Stays the caller's to dispose.</param>
    /// <param name="time">The clock.</param>
    public HttpAdapter(string name, HttpAdapterOptions options, PriorStates priorStates, TimeProvider time)
    {
        Name = name;
        _options = options;
        _template = SuspensionTemplate.Load(options.Template);
        _priorStates = priorStates;
        _time = time;
        _client = new OutboundClient(options.AllowPrivateTargets, options.Timeout, time);
        _tokens = new AccessTokens(_template, options, _client, time);
    }

    private enum State
    {
        Active,
        Suspended,

        /// <summary>Neither: a state the template does not know, or somebody else's.</summary>
        Unknown,
    }

    public string Name { get; }

    public OutboxMessage? MessageOf(SuspensionOrder order) =>
        AgentTargetOptions.Find(_options.Agents, order) is { } target ? AdapterOrder.MessageOf(order, Name, target) : null;

    public async Task<AttemptOutcome> ExecuteAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var order = AdapterOrder.Of(message);
        var values = _options.Values();
        values["target"] = order.Target;
        var started = _time.GetTimestamp();
        var outcome = order.Action == SuspensionAction.Suspend
            ? await SuspendAsync(order, values, cancellationToken)
            : await LiftAsync(order, values, cancellationToken);
        return outcome with { Duration = _time.GetElapsedTime(started), ResidualAccess = order.Action == SuspensionAction.Suspend ? _template.ResidualAccess : null };
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _client.Dispose();
    }

    private async Task<AttemptOutcome> SuspendAsync(AdapterOrder order, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        var (before, failure) = await ReadAsync(values, "read_", cancellationToken);
        if (failure is not null)
        {
            return failure;
        }

        var state = StateOf(before, values);
        if (state == State.Unknown)
        {
            return Unexpected();
        }

        if (_priorStates.KeepFirst(Name, order.SuspensionId, state == State.Suspended))
        {
            return Verified("already_suspended");
        }

        return await RunAsync(_template.Suspend, before, values, state == State.Suspended, cancellationToken)
            ?? await ReadBackAsync(State.Suspended, "suspended", values, cancellationToken);
    }

    private async Task<AttemptOutcome> LiftAsync(AdapterOrder order, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        // Nothing kept: nothing was changed under this suspension, or it was lifted already by an attempt whose end was not recorded.
        if (_priorStates.Find(Name, order.SuspensionId) is not { } wasSuspended)
        {
            return Verified("nothing_to_restore");
        }

        var (before, failure) = await ReadAsync(values, "read_", cancellationToken);
        if (failure is not null)
        {
            return failure;
        }

        var state = StateOf(before, values);
        var outcome = state switch
        {
            State.Unknown => Unexpected(),
            _ when wasSuspended => Verified("prior_state_kept"),
            State.Active => Verified("already_active"),
            _ => await RunAsync(_template.Lift, before, values, isDone: false, cancellationToken) ?? await ReadBackAsync(State.Active, "active", values, cancellationToken),
        };
        if (outcome.Kind == AttemptKind.Delivered)
        {
            _priorStates.Forget(Name, order.SuspensionId);
        }

        return outcome;
    }

    /// <summary>Null when every step was taken.</summary>
    private async Task<AttemptOutcome?> RunAsync(
        IReadOnlyList<TemplateStep> steps, JsonElement state, Dictionary<string, string> values, bool isDone, CancellationToken cancellationToken)
    {
        var taken = 0;
        foreach (var step in steps.Where(step => step.IsAlways || !isDone))
        {
            var response = await SendAsync(step, state, values, cancellationToken);
            if (response.Status is not { } status || !step.Success.Contains(status))
            {
                return AttemptOutcome.Failure(response, taken > 0 ? "partial_" : "change_");
            }

            taken++;
        }

        return null;
    }

    private async Task<AttemptOutcome> ReadBackAsync(State expected, string reason, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        var (after, failure) = await ReadAsync(values, "read_back_", cancellationToken);
        if (failure is not null)
        {
            return failure;
        }

        // A system may need a while until its answer shows: the attempts that follow read again, and people are told when it goes on.
        var state = StateOf(after, values);
        return state == expected ? Verified(reason)
            : state == State.Unknown ? Unexpected()
            : new AttemptOutcome(AttemptKind.Failed, null, "contradicted", TimeSpan.Zero) { ReadBack = ReadBack.Contradicted };
    }

    private async Task<(JsonElement State, AttemptOutcome? Failure)> ReadAsync(Dictionary<string, string> values, string step, CancellationToken cancellationToken)
    {
        var response = await SendAsync(_template.Read, default, values, cancellationToken);
        if (response.Status is not { } status || !_template.Read.Success.Contains(status))
        {
            return (default, AttemptOutcome.Failure(response, step));
        }

        try
        {
            using var json = JsonDocument.Parse(response.Body);
            return (json.RootElement.Clone(), null);
        }
        catch (JsonException)
        {
            return (default, AttemptOutcome.Failure(response with { Status = null, Reason = "unreadable" }, step));
        }
    }

    private async Task<OutboundResponse> SendAsync(TemplateStep step, JsonElement state, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(step.Method), values["base_url"] + TemplateText.InUrl(step.Path, values));
        foreach (var (name, value) in _template.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (BodyOf(step, state, values) is { } body)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        if (await _tokens.AuthenticateAsync(request, cancellationToken) is { } refusal)
        {
            return refusal with { Reason = $"token_{refusal.Reason}" };
        }

        var response = await _client.SendAsync(request, MaxStateBytes, cancellationToken);
        if (response.Status == 401)
        {
            _tokens.Invalidate();
        }

        return response;
    }

    private static JsonNode? BodyOf(TemplateStep step, JsonElement state, Dictionary<string, string> values)
    {
        if (step.Merge is not { } merge)
        {
            return TemplateText.In(step.Body, values);
        }

        var whole = JsonNode.Parse(state.GetRawText())!.AsObject();
        foreach (var (name, value) in merge)
        {
            whole[name] = TemplateText.In(value, values);
        }

        return whole;
    }

    private State StateOf(JsonElement state, Dictionary<string, string> values) =>
        !_template.Identity.All(check => check.Holds(state, values)) ? State.Unknown
        : _template.Suspended.All(check => check.Holds(state, values)) ? State.Suspended
        : _template.Active.All(check => check.Holds(state, values)) ? State.Active
        : State.Unknown;

    private static AttemptOutcome Verified(string reason) => new(AttemptKind.Delivered, null, reason, TimeSpan.Zero) { ReadBack = ReadBack.Verified };

    private static AttemptOutcome Unexpected() => new(AttemptKind.Failed, null, "unexpected_state", TimeSpan.Zero);
}
