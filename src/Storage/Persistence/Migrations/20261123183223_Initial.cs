using Microsoft.EntityFrameworkCore.Migrations;

namespace Storage.Persistence.Migrations;

/// <summary>
/// The tables of both systems. Written as statements because a process may be ended between any two of them: each makes one whole table
/// with its indexes, or finds it there.
/// </summary>
internal sealed partial class Initial : Migration
{
    private const string Coordinates = """
            partition_no SMALLINT UNSIGNED NOT NULL,
            seq BIGINT UNSIGNED NULL,
            bucket BIGINT UNSIGNED NOT NULL,
            digest BIGINT UNSIGNED NOT NULL,
            row_partition SMALLINT UNSIGNED NOT NULL,
            row_no BIGINT NOT NULL
        """;

    private const string NumberTraceId = "trace_id BIGINT NOT NULL";
    private const string TextTraceId = "trace_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL";
    private const string Options = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS listings (
                id BIGINT NOT NULL AUTO_INCREMENT,
                listing_id BIGINT NOT NULL,
                listing_price DECIMAL(18,2) NOT NULL,
                listing_post DATETIME(6) NULL,
                listing_type VARCHAR(50) NOT NULL,
                listing_status ENUM('SOLD','OFFER_PENDING','AVAILABLE') NOT NULL,
                listing_contact VARCHAR(254) NOT NULL,
                {NumberTraceId},
                {Coordinates},
                ingested_at DATETIME(6) NOT NULL,
                {Indexes("listings", "ingested_at")},
                KEY listings_listing_id (listing_id)
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS bids (
                id BIGINT NOT NULL AUTO_INCREMENT,
                bidding_id BIGINT NOT NULL,
                listing_id BIGINT NOT NULL,
                asking_price DECIMAL(18,2) NOT NULL,
                offer_price DECIMAL(18,2) NOT NULL,
                offer_date DATETIME(6) NULL,
                property_square_feet BIGINT NOT NULL,
                price_per_square_feet DECIMAL(18,2) NOT NULL,
                bid_status ENUM('APPROVED','REJECTED') NOT NULL,
                {NumberTraceId},
                {Coordinates},
                ingested_at DATETIME(6) NOT NULL,
                {Indexes("bids", "ingested_at")},
                KEY bids_bidding_id (bidding_id)
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS running_data (
                id BIGINT NOT NULL AUTO_INCREMENT,
                user_id VARCHAR(250) NOT NULL,
                duration DOUBLE NOT NULL,
                distance DOUBLE NOT NULL,
                `timestamp` VARCHAR(100) NOT NULL,
                {TextTraceId},
                {Coordinates},
                date_created DATETIME(6) NOT NULL,
                {Indexes("running_data", "date_created")}
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS music_data (
                id BIGINT NOT NULL AUTO_INCREMENT,
                user_id VARCHAR(250) NOT NULL,
                song_name VARCHAR(250) NOT NULL,
                artist VARCHAR(250) NOT NULL,
                song_duration DOUBLE NOT NULL,
                `timestamp` VARCHAR(100) NOT NULL,
                {TextTraceId},
                {Coordinates},
                date_created DATETIME(6) NOT NULL,
                {Indexes("music_data", "date_created")}
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS event_count (
                row_partition SMALLINT UNSIGNED NOT NULL,
                type_id SMALLINT UNSIGNED NOT NULL,
                stored_events BIGINT NOT NULL,
                PRIMARY KEY (row_partition, type_id)
            ) {Options}
            """
        );
    }

    /// <summary>There is no way back: it would drop what was stored.</summary>
    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("The tables of events are never dropped.");

    private static string Indexes(string table, string time) =>
        $"""
            PRIMARY KEY (id),
                    UNIQUE KEY {table}_trace_id (trace_id),
                    KEY {table}_row (row_partition, row_no),
                    KEY {table}_time ({time}, row_partition, row_no),
                    KEY {table}_digest (partition_no, bucket, digest)
            """;
}
