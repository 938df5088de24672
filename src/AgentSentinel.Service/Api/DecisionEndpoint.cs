using System.Globalization;
using AgentSentinel.Service.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentSentinel.Service.Api;

/// <summary>Tells gateways whether an agent may act: at once, when it changes (<c>wait</c>), or as a stream.</summary>
internal sealed class DecisionEndpoint(DecisionTable table, StreamSlots slots, TimeProvider time)
{
    private const int LongestText = 1_024;
    private const int LongestWaitSeconds = 60;

    // The table may become out of date without any change.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Whether the agent in the path may act.</summary>
    public Task AnswerForPathAsync(HttpContext context) =>
        RawPath.TryGetSegment(context, 2, 3, out var agentId) ? AnswerAsync(context, agentId) : RefuseAsync(context, "The agent's id in the path cannot be read.");

    /// <summary>Whether the agent of the query may act, whatever its id; without one all that is denied.</summary>
    public Task AnswerAsync(HttpContext context) => AnswerAsync(context, null);

    private Task AnswerAsync(HttpContext context, string? agentId)
    {
        var question = new Question { Agent = agentId };
        if (context.Request.QueryString.HasValue && question.Read(context.Request.QueryString.Value.AsMemory(), agentId is null) is { } objection)
        {
            return RefuseAsync(context, objection);
        }

        if (EventStream.IsWanted(context.Request))
        {
            return StreamAsync(context, question);
        }

        var answer = Ask(question);
        return !TaggedJson.IsKnown(context.Request, answer.ETag) ? SendAsync(context, answer)
            : question.WaitSeconds > 0 ? WaitAsync(context, question, answer)
            : SendUnchangedAsync(context, answer);
    }

    private DecisionAnswer Ask(in Question question) =>
        question.Agent is { } agentId ? table.Ask(agentId, question.Session, question.Credential) : table.AskForAll();

    private static Task SendAsync(HttpContext context, DecisionAnswer answer)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = answer.Body.Length;
        response.Headers.ETag = answer.ETag;
        response.Headers.CacheControl = "private, no-cache";
        return response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask();
    }

    private static Task SendUnchangedAsync(HttpContext context, DecisionAnswer answer)
    {
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        context.Response.Headers.ETag = answer.ETag;
        context.Response.Headers.CacheControl = "private, no-cache";
        return Task.CompletedTask;
    }

    private async Task WaitAsync(HttpContext context, Question question, DecisionAnswer known)
    {
        using var slot = slots.TryTake();
        if (slot is null)
        {
            await ApiProblem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many requests are waiting.");
            return;
        }

        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var (began, longest) = (time.GetTimestamp(), TimeSpan.FromSeconds(question.WaitSeconds));
        while (!ended.IsCancellationRequested && time.GetElapsedTime(began) is var waited && waited < longest)
        {
            var changed = table.Changed;
            if (Ask(question) is var answer && answer.ETag != known.ETag)
            {
                await SendAsync(context, answer);
                return;
            }

            await PauseAsync(changed, longest - waited, ended.Token);
        }

        await SendUnchangedAsync(context, known);
    }

    private async Task StreamAsync(HttpContext context, Question question)
    {
        using var slot = slots.TryTake();
        if (slot is null)
        {
            await ApiProblem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many streams are open.");
            return;
        }

        using var stream = await EventStream.BeginAsync(context);
        var (told, beatAt) = ((string?)null, time.GetTimestamp());
        while (!stream.Ended.IsCancellationRequested)
        {
            var changed = table.Changed;
            var answer = Ask(question);
            if (answer.ETag != told)
            {
                told = answer.ETag;
                stream.Write("", question.Agent is null ? "denials" : "decision", answer.Body);
            }
            else if (time.GetElapsedTime(beatAt) < EventStream.Beat)
            {
                await PauseAsync(changed, LookAgain, stream.Ended);
                continue;
            }
            else
            {
                stream.WriteBeat();
            }

            beatAt = time.GetTimestamp();
            await stream.FlushAsync();
        }
    }

    private async Task PauseAsync(Task changed, TimeSpan longest, CancellationToken ended) => await changed
        .WaitAsync(longest < LookAgain ? longest : LookAgain, time, ended)
        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static Task RefuseAsync(HttpContext context, string why) => ApiProblem.WriteAsync(context, StatusCodes.Status400BadRequest, why);

    private record struct Question
    {
        public string? Agent { get; set; }

        public string? Session { get; private set; }

        public string? Credential { get; private set; }

        public int WaitSeconds { get; private set; }

        /// <summary>Reads the query. A word that is not known may be a misspelled one that mattered: better no answer than a wrong one.</summary>
        /// <returns>What is wrong with it, or null.</returns>
        public string? Read(ReadOnlyMemory<char> query, bool mayNameAgent)
        {
            var (session, credential, agent, tool, wait) = ((string?)null, (string?)null, (string?)null, (string?)null, (string?)null);
            foreach (var pair in new QueryStringEnumerable(query))
            {
                var name = pair.DecodeName().Span;
                ref var place = ref wait;
                switch (name)
                {
                    case "session":
                        place = ref session;
                        break;
                    case "credential":
                        place = ref credential;
                        break;
                    case "tool":
                        place = ref tool;
                        break;
                    case "agent" when mayNameAgent:
                        place = ref agent;
                        break;
                    case "wait":
                        break;
                    default:
                        return "The query has a word that is not known; known are session, credential, tool, wait, and agent without one in the path.";
                }

                var value = pair.DecodeValue();
                if (place is not null || value.Length is 0 or > LongestText)
                {
                    return "A word of the query is empty, too long or there twice.";
                }

                place = value.ToString();
            }

            var seconds = 0;
            if (wait is not null && (!int.TryParse(wait, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds > LongestWaitSeconds))
            {
                return "wait is a number of seconds from 0 to 60.";
            }

            (Agent, Session, Credential, WaitSeconds) = (Agent ?? agent, session, credential, seconds);
            return Agent is null && (session ?? credential ?? tool) is not null ? "Whose session, credential or tool it is has to be said." : null;
        }
    }
}
