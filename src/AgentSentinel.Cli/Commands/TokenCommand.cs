using System.CommandLine;
using AgentSentinel.Service.Api;

namespace AgentSentinel.Cli.Commands;

/// <summary><c>sentinel token create</c>: a bearer token for a person or a gateway.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--file") { Description = "File of the service's tokens (Api:TokenFile). It holds hashes, not tokens; made when it is not there.", Required = true };
        var name = new Option<string>("--name") { Description = "Who it is for: the name that stands in the journal.", Required = true };
        var role = new Option<Role>("--role") { Description = "gateway, viewer, analyst, responder or admin.", Required = true };
        var expires = new Option<TimeSpan>("--expires-in") { Description = "How long it is good, such as 90d.", DefaultValueFactory = _ => TimeSpan.FromDays(90), CustomParser = Durations.Parse };
        var create = new Command("create", "Make a token, print it once, and add its hash to the file. A service that runs takes it up within seconds; one that is taken out of the file is worth nothing as soon.")
        {
            file, name, role, expires,
        };
        create.SetAction(arguments =>
        {
            var (secret, token) = ApiToken.Create(arguments.GetValue(name)!, arguments.GetValue(role), TimeProvider.System.GetUtcNow() + arguments.GetValue(expires));
            try
            {
                ApiTokens.Add(arguments.GetValue(file)!, token);
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"No token was made: {error.Message}.");
                return ExitCode.Failed;
            }

            Console.Out.WriteLine(secret);
            return ExitCode.Success;
        });
        return new Command("token", "Bearer tokens of the API.") { create };
    }
}
