using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentSentinel.Cli.Remote;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Cli.Commands;

/// <summary>The arguments with which every command to a running service says where it is and who asks.</summary>
internal sealed class ServerArguments
{
    private readonly Option<string> _server = new("--server") { Description = "Address of the service's API, such as https://sentinel.example.com:8443.", Required = true };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "File that holds your token. Not needed by a service on this machine that has no tokens." };
    private readonly Option<string?> _authorities = new("--ca-file") { Description = "Certificates (PEM) to trust instead of the system's." };

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_tokenFile);
        command.Options.Add(_authorities);
    }

    /// <summary>Does something with the service, and says what is wrong when it cannot be done.</summary>
    public async Task<int> RunAsync(ParseResult arguments, Func<RemoteService, Task<int>> work)
    {
        if (!Uri.TryCreate(arguments.GetValue(_server), UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync("--server must be an address such as https://sentinel.example.com:8443.");
            return ExitCode.Usage;
        }

        string? token = null;
        X509Certificate2Collection? authorities = null;
        try
        {
            token = arguments.GetValue(_tokenFile) is { } file ? (await File.ReadAllTextAsync(file)).Trim() : null;
            if (arguments.GetValue(_authorities) is { } path)
            {
                authorities = [];
                authorities.ImportFromPemFile(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCode.Usage;
        }

        if (token is not null && (token.Length == 0 || token.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            await Console.Error.WriteLineAsync("The file of --token-file holds no token.");
            return ExitCode.Usage;
        }

        if (token is not null && server.Scheme == "http" && !server.IsLoopback)
        {
            await Console.Error.WriteLineAsync("A token must not travel unencrypted: use https.");
            return ExitCode.Usage;
        }

        try
        {
            using var service = new RemoteService(server, token, authorities);
            return await work(service);
        }
        catch (RemoteException error)
        {
            await Console.Error.WriteLineAsync($"{server.GetLeftPart(UriPartial.Authority)}: {PlainText.Of(error.Message)}");
            return ExitCode.Failed;
        }
    }
}
